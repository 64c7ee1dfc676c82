"""How kernels see a State: one pointer to a table of lengths and addresses, cheap to hand on.

Handing two dozen arrays to every part of a kernel made kernels several times slower, to run and to
compile. Records read the same whether they are kept by column (sim.engine.columns) or one after the
other: `state.workers[row].status` is a load from one column, `state.groups[group].kind` one from
the group's record. Rows are counted from the first, never from the end; a row that does not exist
raises IndexError where everything is checked (sim.engine.compiling) and is undefined elsewhere.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_builtin, lower_setattr_generic
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_global, signature
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np import numpy_support
from numba.np.arrayobj import make_array, populate_array

from sim.engine.numba_linking import CHECKED, TRIED_FIRST
from sim.engine.state import FIELDS, FIRST_WORD, State

WORD, BYTE = ir.IntType(64), ir.IntType(8)


class StateType(types.Type):
    """The compiled type of a State."""

    def __init__(self) -> None:
        super().__init__(name="State")


class RecordsType(types.Type):
    """The compiled type of a field that holds records, by column or one after the other."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(name=f"Records({field})")


class RecordType(types.Type):
    """The compiled type of one row of such a field."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(name=f"Record({field})")


STATE = StateType()
TYPES: dict[str, Any] = {
    name: RecordsType(name)
    if np.dtype(field.dtype).names
    else types.Array(numpy_support.from_dtype(np.dtype(field.dtype)), len(field.axes), "C")
    for name, field in FIELDS.items()
}
RECORDS = {name: RecordType(name) for name, kind in TYPES.items() if isinstance(kind, RecordsType)}
COLUMN_TYPES: dict[str, dict[str, Any]] = {
    name: {
        column: numpy_support.from_dtype(np.dtype(FIELDS[name].dtype)[column])
        for column in np.dtype(FIELDS[name].dtype).names or ()
    }
    for name in RECORDS
}
OFFSETS = {
    name: {
        column: place[1] for column, place in (np.dtype(FIELDS[name].dtype).fields or {}).items()
    }
    for name in RECORDS
}


@typeof_impl.register(State)
def type_of_state(value: State, context: Any) -> StateType:
    """Give every State the same compiled type, whatever its sizes."""
    return STATE


@register_model(StateType)
@register_model(RecordsType)
class TableModel(models.PrimitiveModel):
    """In compiled code a State, or its records, is a pointer to the table."""

    def __init__(self, manager: Any, compiled_type: types.Type) -> None:
        super().__init__(manager, compiled_type, WORD.as_pointer())


@register_model(RecordType)
class RecordModel(models.StructModel):
    """In compiled code a record is the table and a row number."""

    def __init__(self, manager: Any, compiled_type: types.Type) -> None:
        super().__init__(manager, compiled_type, [("table", STATE), ("row", types.int64)])


@unbox(StateType)
def unbox_state(compiled_type: StateType, value: Any, c: Any) -> NativeValue:
    """Take the address of the table from an argument: a State or the address itself."""
    pointer = c.builder.inttoptr(c.pyapi.number_as_ssize_t(value), WORD.as_pointer())
    return NativeValue(pointer, is_error=c.pyapi.c_api_error())


@infer_getattr
class StateAttributes(AttributeTemplate):
    """Types of a State's fields."""

    key = StateType

    def generic_resolve(self, compiled_type: StateType, name: str) -> Any:
        """The type of a field; None for a name that is none."""
        return TYPES.get(name)


@infer_getattr
class RecordsAttributes(AttributeTemplate):
    """What records offer as a whole: their number, and each column kept as an array."""

    key = RecordsType

    def generic_resolve(self, compiled_type: RecordsType, name: str) -> Any:
        """Type of the number of records or of a column's array; None for any other name."""
        if name == "size":
            return types.int64
        column = (
            COLUMN_TYPES[compiled_type.field].get(name)
            if FIELDS[compiled_type.field].by_column
            else None
        )
        return None if column is None else types.Array(column, 1, "C")


@infer_getattr
class RecordAttributes(AttributeTemplate):
    """Types of a record's numbers, to read and to write."""

    key = RecordType

    def generic_resolve(self, compiled_type: RecordType, name: str) -> Any:
        """Type of a record's number; None for any other name.

        Integers are widened to 64 bits whatever their column, so that a part is compiled for one
        type only.
        """
        column = COLUMN_TYPES[compiled_type.field].get(name)
        return types.int64 if isinstance(column, types.Integer) else column


@infer_global(operator.getitem)
class OneOfRecords(AbstractTemplate):
    """Type of `records[row]` and `records[i, j]`: a record."""

    metadata = TRIED_FIRST

    def generic(self, args: Any, kws: Any) -> Any:
        """The record's type for one integer index an axis; None for anything else."""
        records, place = args
        if not isinstance(records, RecordsType):
            return None
        axes = len(FIELDS[records.field].axes)
        if axes == 1 and isinstance(place, types.Integer):
            return signature(RECORDS[records.field], records, types.int64)
        if (
            axes == 2
            and isinstance(place, types.UniTuple | types.Tuple)
            and all(isinstance(axis, types.Integer) for axis in place.types)
        ):
            return signature(RECORDS[records.field], records, types.UniTuple(types.int64, 2))
        return None


def word(builder: Any, table: Any, position: int) -> Any:
    """Load a word of the table.

    The table never changes, and "invariant.load" metadata tells the optimiser so: it may load a
    word once for a whole loop, even if the loop writes to arrays.
    """
    loaded = builder.load(builder.gep(table, [ir.Constant(WORD, position)]))
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


@lower_getattr_generic(StateType)
def load_field(context: Any, builder: Any, compiled_type: StateType, state: Any, name: str) -> Any:
    """Build the array of a field from its words in the table; for records return the table."""
    if name in RECORDS:
        return state
    array_type, first = TYPES[name], FIRST_WORD[name]
    shape = [word(builder, state, first + axis) for axis in range(array_type.ndim)]
    return array_of(
        context, builder, array_type, shape, word(builder, state, first + array_type.ndim)
    )


def array_of(context: Any, builder: Any, array_type: Any, shape: list[Any], address: Any) -> Any:
    """Describe memory that is kept elsewhere as an array."""
    itemsize = context.get_abi_sizeof(context.get_data_type(array_type.dtype))
    strides = [ir.Constant(WORD, itemsize)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    array = make_array(array_type)(context, builder)
    data = builder.inttoptr(address, context.get_data_type(array_type.dtype).as_pointer())
    populate_array(
        array,
        data=data,
        shape=shape,
        strides=strides,
        itemsize=ir.Constant(WORD, itemsize),
        meminfo=None,
    )
    return array._getvalue()


def column_address(builder: Any, table: Any, field: str, column: str) -> Any:
    """Address of a column, or of the column's number in the first record."""
    first = FIRST_WORD[field] + len(FIELDS[field].axes)
    if FIELDS[field].by_column:
        return word(builder, table, first + list(COLUMN_TYPES[field]).index(column))
    return builder.add(word(builder, table, first), ir.Constant(WORD, OFFSETS[field][column]))


@lower_getattr_generic(RecordsType)
def load_column(
    context: Any, builder: Any, compiled_type: RecordsType, table: Any, name: str
) -> Any:
    """Load the number of records, or a column as an array."""
    size = word(builder, table, FIRST_WORD[compiled_type.field])
    if name == "size":
        return size
    return array_of(
        context,
        builder,
        types.Array(COLUMN_TYPES[compiled_type.field][name], 1, "C"),
        [size],
        column_address(builder, table, compiled_type.field, name),
    )


def refuse_outside(context: Any, builder: Any, at: Any, length: Any, where: str) -> None:
    """Where everything is checked, have the code raise IndexError for a place outside an array."""
    if not CHECKED:
        return
    # As a word without a sign a negative place is beyond every length.
    with builder.if_then(builder.icmp_unsigned(">=", at, length), likely=False):
        message = f"{where}: there is no such place in the array"
        context.call_conv.return_user_exc(builder, IndexError, (message,))


@lower_builtin(operator.getitem, RecordsType, types.Integer)
def take_row(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """A record is the table and a row."""
    field = sig.args[0].field
    size = word(builder, args[0], FIRST_WORD[field])
    refuse_outside(context, builder, args[1], size, f"state.{field}[row]")
    return cgutils.make_anonymous_struct(builder, args)


@lower_builtin(operator.getitem, RecordsType, types.UniTuple)
def take_place(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Take a record of a two-dimensional field, whose rows are numbered row by row."""
    table, place = args
    i, j = cgutils.unpack_tuple(builder, place)
    field = sig.args[0].field
    down, across = (word(builder, table, FIRST_WORD[field] + axis) for axis in range(2))
    refuse_outside(context, builder, i, down, f"state.{field}[i, ...]")
    refuse_outside(context, builder, j, across, f"state.{field}[..., j]")
    return cgutils.make_anonymous_struct(builder, (table, builder.add(builder.mul(i, across), j)))


def place(context: Any, builder: Any, record_type: RecordType, value: Any, column: str) -> Any:
    """Pointer to one number of a record."""
    table, row = cgutils.unpack_tuple(builder, value)
    field = FIELDS[record_type.field]
    address = column_address(builder, table, record_type.field, column)
    kind = context.get_data_type(COLUMN_TYPES[record_type.field][column])
    if field.by_column:
        return builder.gep(builder.inttoptr(address, kind.as_pointer()), [row])
    offset = builder.mul(row, ir.Constant(WORD, np.dtype(field.dtype).itemsize))
    return builder.bitcast(
        builder.gep(builder.inttoptr(address, BYTE.as_pointer()), [offset]), kind.as_pointer()
    )


def told_apart(builder: Any, access: Any, record_type: RecordType, column: str) -> Any:
    """Mark an access so that the optimiser knows that columns do not overlap ("tbaa" metadata).

    Without it every write to one column would force a new load of all the others.
    """
    module = builder.module
    root = module.add_metadata(["columns"])
    kind = module.add_metadata([f"{record_type.field}.{column}", root, ir.Constant(WORD, 0)])
    access.set_metadata("tbaa", module.add_metadata([kind, kind, ir.Constant(WORD, 0)]))
    return access


@lower_getattr_generic(RecordType)
def load_number(
    context: Any, builder: Any, compiled_type: RecordType, record: Any, column: str
) -> Any:
    """Read one number."""
    loaded = told_apart(
        builder,
        builder.load(place(context, builder, compiled_type, record, column)),
        compiled_type,
        column,
    )
    kind = COLUMN_TYPES[compiled_type.field][column]
    return (
        context.cast(builder, loaded, kind, types.int64)
        if isinstance(kind, types.Integer)
        else loaded
    )


@lower_setattr_generic(RecordType)
def store_number(context: Any, builder: Any, sig: Any, args: Any, column: str) -> None:
    """Write one number."""
    record, value = args
    value = context.cast(builder, value, sig.args[1], COLUMN_TYPES[sig.args[0].field][column])
    stored = builder.store(value, place(context, builder, sig.args[0], record, column))
    told_apart(builder, stored, sig.args[0], column)
