"""Worker processes that end before their time, and fail the run.

Beam's local runner notices it when the connection breaks over which a worker sends its data. For a
worker that ends before it has that (killed for its memory, or interrupted together with the
command), and for the end of one that connects after all is over, it waits for ever.
"""

import threading
from collections.abc import Iterator

from apache_beam.portability import python_urns
from apache_beam.portability.api import beam_fn_api_pb2
from apache_beam.runners.portability.fn_api_runner.worker_handlers import (
    BeamFnControlServicer,
    SubprocessSdkWorkerHandler,
    WorkerHandler,
)


@WorkerHandler.register_environment(python_urns.SUBPROCESS_SDK, bytes)
class LostWorkerHandler(SubprocessSdkWorkerHandler):
    """Beam's handler of a worker process, which answers for a worker that has ended."""

    def start_worker(self) -> None:
        """Start the process, and a thread that waits for its end."""
        super().start_worker()
        threading.Thread(target=self._answer_for_a_lost_worker, daemon=True).start()

    def close(self) -> None:
        """End the process, also where it connects only after this."""
        self.control_conn.push(BeamFnControlServicer._DONE_MARKER)  # noqa: SLF001 - Beam has no public way
        super().close()

    def _answer_for_a_lost_worker(self) -> None:
        self.worker_thread.join()
        try:
            self.control_conn.set_input(self._failures())
        except RuntimeError:  # it had connected: what it has not answered is open
            for instruction, answer in list(self.control_conn._futures_by_id.items()):  # noqa: SLF001 - no public way
                answer.set(_failure(instruction))

    def _failures(self) -> Iterator[beam_fn_api_pb2.InstructionResponse]:
        """Answer each request with an error, until the connection is closed."""
        while isinstance(
            request := self.control_conn.get_req(), beam_fn_api_pb2.InstructionRequest
        ):
            yield _failure(request.instruction_id)


def _failure(instruction: str) -> beam_fn_api_pb2.InstructionResponse:
    return beam_fn_api_pb2.InstructionResponse(
        instruction_id=instruction, error="a worker process has ended"
    )
