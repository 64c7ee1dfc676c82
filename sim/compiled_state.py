"""How kernels see a State: one pointer to a table of addresses and lengths, so that handing it on costs nothing.

Handing two dozen arrays to every piece of a kernel made kernels several times slower, to run and to compile.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import NativeValue, infer_getattr, lower_getattr_generic, models, register_model, typeof_impl, unbox
from numba.np import numpy_support
from numba.np.arrayobj import make_array, populate_array

from sim.state import FIELDS, WORDS, State

NAMES = tuple(FIELDS)


class StateType(types.Type):
    """The compiled type of a State."""

    def __init__(self) -> None:
        super().__init__(name="State")


STATE = StateType()
ARRAYS = {name: types.Array(numpy_support.from_dtype(np.dtype(field.dtype)), field.dimensions, "C") for name, field in FIELDS.items()}


@typeof_impl.register(State)
def type_of_state(value: State, context: Any) -> StateType:
    """Every State has the one compiled type."""
    return STATE


@register_model(StateType)
class StateModel(models.PrimitiveModel):
    """In memory: a pointer to the table."""

    def __init__(self, manager: Any, compiled_type: StateType) -> None:
        super().__init__(manager, compiled_type, ir.IntType(64).as_pointer())


@unbox(StateType)
def unbox_state(compiled_type: StateType, value: Any, c: Any) -> NativeValue:
    """Take the table's address from the Python object."""
    attribute = c.pyapi.object_getattr_string(value, "address")
    address = c.pyapi.long_as_longlong(attribute)
    c.pyapi.decref(attribute)
    pointer = c.builder.inttoptr(address, ir.IntType(64).as_pointer())
    return NativeValue(pointer, is_error=c.pyapi.c_api_error())


@infer_getattr
class StateAttributes(AttributeTemplate):
    """Types of a State's arrays."""

    key = StateType

    def generic_resolve(self, compiled_type: StateType, name: str) -> Any:
        """The array type of a field; None for a name that is none."""
        return ARRAYS.get(name)


@lower_getattr_generic(StateType)
def load_array(context: Any, builder: Any, compiled_type: StateType, state: Any, name: str) -> Any:
    """Build the array of a field from its row of the table; the table never changes, so loads may be shared."""
    array_type = ARRAYS[name]
    first = NAMES.index(name) * WORDS
    invariant = builder.module.add_metadata([])

    def word(position: int) -> Any:
        pointer = builder.gep(state, [ir.Constant(ir.IntType(64), first + position)])
        loaded = builder.load(pointer)
        loaded.set_metadata("invariant.load", invariant)
        return loaded

    itemsize = context.get_abi_sizeof(context.get_data_type(array_type.dtype))
    shape = [word(1 + axis) for axis in range(array_type.ndim)]
    strides = [ir.Constant(ir.IntType(64), itemsize)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    array = make_array(array_type)(context, builder)
    data = builder.inttoptr(word(0), context.get_data_type(array_type.dtype).as_pointer())
    populate_array(array, data=data, shape=shape, strides=strides, itemsize=ir.Constant(ir.IntType(64), itemsize), meminfo=None)
    return array._getvalue()
