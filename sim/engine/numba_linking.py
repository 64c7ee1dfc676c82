"""How pieces of kernels are compiled: into code that their callers link.

They have no machine code of their own, as nobody would call it.
"""

from __future__ import annotations

import operator
import os
from collections.abc import Callable
from typing import Any, TypeVar

import numba
from llvmlite.binding import ModuleRef
from numba import _dynfunc, types  # type: ignore[attr-defined]
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering
from numba.core.typing import arraydecl, builtins
from numba.core.typing.templates import infer_global
from numba.extending import models, register_model

Function = TypeVar("Function", bound=Callable[..., object])

CHECKED = os.environ.get("PRIMORYE_CHECKED", "") not in ("", "0")
"""Whether every index is checked (see sim.engine.compiling)."""
NO_MACHINE_CODE = 0
PIECES: list[Callable[..., object]] = []
"""What is compiled into kernels; kept here, as types refer to it weakly."""
TRIED_FIRST = {"target": "cpu"}
"""Rules of typing for this target are asked before those for all targets."""
ARRAY_AND_NUMBER_RULES = {
    operator.getitem: arraydecl.GetItemBuffer,
    operator.setitem: arraydecl.SetItemBuffer,
    bool: builtins.Bool,
    operator.add: builtins.BinOpAdd,
    operator.iadd: builtins.BinOpAdd,
    operator.sub: builtins.BinOpSub,
    operator.isub: builtins.BinOpSub,
    operator.mul: builtins.BinOpMul,
    operator.truediv: builtins.BinOpTrueDiv,
    operator.lt: builtins.CmpOpLt,
    operator.le: builtins.CmpOpLe,
    operator.gt: builtins.CmpOpGt,
    operator.ge: builtins.CmpOpGe,
    operator.eq: builtins.CmpOpEq,
    operator.ne: builtins.CmpOpNe,
}
"""The compiler's own rules for arrays and numbers.

It would otherwise ask those for strings, dictionaries, dates and the like before them.
"""

for operation, rule in ARRAY_AND_NUMBER_RULES.items():
    infer_global(operation)(type(rule.__name__, (rule,), {"metadata": TRIED_FIRST}))


class PieceLibrary(JITCodeLibrary):
    """Code to be linked into callers, simplified so that there is less to link.

    A kernel optimises all of its code at once.


    It overrides the steps in which numba's library optimises a function, then all of its code,
    then makes machine code.
    """

    def add_llvm_module(self, module: ModuleRef) -> None:
        """Take in the code of a function as it is."""
        module.data_layout = self._codegen._data_layout
        self._final_module.link_in(module)

    def _optimize_final_module(self) -> None:
        passes, builder = self._codegen._module_pass_manager(
            loop_vectorize=False, slp_vectorize=False, opt=self._codegen._opt_level, cost="cheap"
        )
        passes.run(self._final_module, builder)

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class PieceLowering(NativeLowering):
    """Lowering of a piece."""

    _name = "piece_lowering"

    def run_pass(self, state: Any) -> bool:
        """Lower into a PieceLibrary; callers know a piece by a function without code behind it."""
        library = state.library = PieceLibrary(
            state.targetctx.codegen(), state.func_id.func_qualname
        )
        state.flags.no_compile = True
        super().run_pass(state)
        library.finalize()
        piece = state.cr.fndesc
        stub = _dynfunc.make_function(
            piece.lookup_module(), piece.qualname, "", NO_MACHINE_CODE, state.cr.env, (library,)
        )
        state.targetctx.insert_user_function(stub, piece, [library])
        state.reload_init.extend(library._reload_init)
        state.cr = state.cr._replace(cfunc=stub)
        return True


class PieceCompiler(CompilerBase):
    """The compiler's rule passes, with the lowering of pieces."""

    def define_pipelines(self) -> list[Any]:
        """One pipeline."""
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.passes = [
            (PieceLowering if step is NativeLowering else step, description)
            for step, description in pipeline.passes
        ]
        pipeline.finalize()
        return [pipeline]


class PieceType(types.Dispatcher):
    """The compiled type of a piece of kernels: the types of arguments count, not known values."""

    def get_call_type(self, context: Any, args: Any, kws: Any) -> Any:
        """The signature of a call."""
        return super().get_call_type(
            context,
            tuple(map(types.unliteral, args)),
            {name: types.unliteral(kind) for name, kind in kws.items()},
        )


register_model(PieceType)(models.OpaqueModel)


def compiled_into_callers(
    function: Function, *, counts_references: bool = False, inlined: bool = False
) -> Function:
    """Have kernels call the compiled function where they name it; to Python it stays what it is.

    It is compiled once for each combination of argument types, whatever calls it:
    `register_jitable` would compile it again for callers with other options. Entry points for
    Python and C, which nobody uses, would take a tenth of the time.
    """
    no_entry_points: dict[str, Any] = {
        "no_cpython_wrapper": True,
        "no_cfunc_wrapper": True,
        "pipeline_class": PieceCompiler,
    }
    options: dict[str, Any] = {
        "error_model": "numpy",
        "_nrt": counts_references,
        "forceinline": inlined,
        "boundscheck": CHECKED,
    }
    compiled = numba.njit(**no_entry_points, **options)(function)
    infer_global(function, PieceType(compiled))
    PIECES.append(compiled)
    return function
