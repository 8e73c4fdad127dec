"""Worker processes that end before they have connected, and fail the run.

Beam's local runner notices it when a worker's connection breaks. For a worker that ends before it
has one (killed for its memory, or interrupted together with the command) it waits for ever.
"""

import contextlib
import threading
from collections.abc import Iterator

from apache_beam.portability import python_urns
from apache_beam.portability.api import beam_fn_api_pb2
from apache_beam.runners.portability.fn_api_runner.worker_handlers import (
    SubprocessSdkWorkerHandler,
    WorkerHandler,
)


@WorkerHandler.register_environment(python_urns.SUBPROCESS_SDK, bytes)
class LostWorkerHandler(SubprocessSdkWorkerHandler):
    """Beam's handler of a worker process, which answers for a worker that will never connect."""

    def start_worker(self) -> None:
        """Start the process, and a thread that waits for its end."""
        super().start_worker()
        threading.Thread(target=self._answer_for_a_lost_worker, daemon=True).start()

    def _answer_for_a_lost_worker(self) -> None:
        self.worker_thread.join()
        with contextlib.suppress(RuntimeError):  # it has connected: Beam knows that it has ended
            self.control_conn.set_input(self._failures())

    def _failures(self) -> Iterator[beam_fn_api_pb2.InstructionResponse]:
        """Answer each request with an error, until the connection is closed."""
        while isinstance(
            request := self.control_conn.get_req(), beam_fn_api_pb2.InstructionRequest
        ):
            yield beam_fn_api_pb2.InstructionResponse(
                instruction_id=request.instruction_id, error="a worker process has ended"
            )
