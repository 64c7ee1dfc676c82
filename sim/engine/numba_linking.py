"""Compile the pieces of kernels once, into code that kernels link.

Pieces get no machine code or entry points of their own, since nothing but a kernel calls them; this
saves compile time.
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
"""Compiled pieces; this list keeps them alive, as numba's types refer to them only weakly."""
TRIED_FIRST = {"target": "cpu"}
"""Marks typing rules that numba tries before those that hold for all targets."""
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
"""Numba's own typing rules for operations on arrays and numbers, to be tried first.

By default numba would try those for strings, dictionaries, dates and the like before them.
"""

for operation, rule in ARRAY_AND_NUMBER_RULES.items():
    infer_global(operation)(type(rule.__name__, (rule,), {"metadata": TRIED_FIRST}))


class PieceLibrary(JITCodeLibrary):
    """The code of one piece, simplified a little so that there is less to link into callers.

    A kernel optimises all of its code at once. This class overrides the steps in which numba's
    library optimises each function, then all of its code, then makes machine code.
    """

    def add_llvm_module(self, module: ModuleRef) -> None:
        """Link in the code of a function without optimising it first."""
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
    """The compiler pass that turns a piece into code to be linked."""

    _name = "piece_lowering"

    def run_pass(self, state: Any) -> bool:
        """Lower into a PieceLibrary and register the piece with callers by a stub without code."""
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
    """Numba's usual passes, with PieceLowering in place of its lowering."""

    def define_pipelines(self) -> list[Any]:
        """Return the one pipeline of passes."""
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.passes = [
            (PieceLowering if step is NativeLowering else step, description)
            for step, description in pipeline.passes
        ]
        pipeline.finalize()
        return [pipeline]


class PieceType(types.Dispatcher):
    """The compiled type of a piece: only the types of its arguments count, never their values.

    Numba would otherwise compile a piece again for every constant passed to it.
    """

    def get_call_type(self, context: Any, args: Any, kws: Any) -> Any:
        """Signature of a call, with literal types replaced by the general ones."""
        return super().get_call_type(
            context,
            tuple(map(types.unliteral, args)),
            {name: types.unliteral(kind) for name, kind in kws.items()},
        )


register_model(PieceType)(models.OpaqueModel)


def compiled_into_callers(
    function: Function, *, counts_references: bool = False, inlined: bool = False
) -> Function:
    """Have kernels link the compiled function where they call it; Python still calls the original.

    It is compiled once for each combination of argument types, whatever calls it:
    `register_jitable` would compile it again for callers with other options. It gets no entry
    points for Python and C, which nobody uses and which would take a tenth of the time.
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
