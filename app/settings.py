from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True)
class Settings:
    """Every limit and setting of the server.

    Sizes are in bytes, times in seconds unless the name says milliseconds.
    """

    # The address and access. ``loopback`` says whether only this machine can reach the server.
    host: str = "127.0.0.1"
    port: int = 8017
    next_ports: int = 20
    loopback: bool = True
    allowed_hosts: tuple[str, ...] = ()
    token: str | None = None

    # The document.
    steps: int = 4096
    hidden_size: int = 1024
    input_size: int = 1024
    vocabulary: int = 50_000
    vocabulary_bytes: int = 8 * MIB
    weight: float = 1000.0
    input_value: float = 1e6
    edits: int = 10_000
    edit_values: int = 1 << 29
    block_values: int = 1 << 16

    # The model file on the command line.
    file_bytes: int = 64 * MIB
    file_layers: int = 64

    # The network of the gallery that the page opens first, unless the server has a model file.
    opens: str = "first"

    # Files that pages open: whether they may, the bytes of all their networks, and how long one is
    # kept after its last session.
    uploads: bool = True
    upload_bytes: int = 512 * MIB
    upload_seconds: float = 600.0
    uploads_at_once: int = 2

    # CSV files that pages read.
    table_bytes: int = 8 * MIB
    tables_at_once: int = 4

    # Trainings, each in a process of its own: how many run at once and how many wait, their
    # priority (see ``os.nice``), memory, and sizes. When a page is gone, its process ends after the
    # grace; the snapshots are kept for a while, so that a page that returns later can go on.
    trainings_at_once: int = 2
    trainings_waiting: int = 32
    training_nice: int = 10
    training_memory_bytes: int = 1024 * MIB
    training_parameters: int = 250_000
    training_steps: int = 100_000
    training_layers: int = 4
    training_batch: int = 1024
    training_length: int = 1000
    training_grace_seconds: float = 1.3
    training_kept_seconds: float = 120.0

    # The transport. A message above ``message_bytes`` is refused with an error and the session
    # continues; above ``socket_bytes`` the connection closes with 1009.
    message_bytes: int = MIB
    message_parts: int = 20_000
    socket_bytes: int = 4 * MIB
    socket_queue: int = 4
    sessions: int = 512
    connections: int = 1024
    mailbox_messages: int = 256
    mailbox_bytes: int = 4 * MIB
    waiting_inspections: int = 64
    head_bytes: int = 64 * KIB
    keep_alive_seconds: int = 20
    send_seconds: float = 20.0
    shutdown_seconds: int = 1

    # Computation. ``trace_bytes`` is shared by all sessions and requests.
    compute_threads: int = 2
    span_milliseconds: float = 10.0
    first_span: int = 16
    largest_span: int = 512
    trace_bytes: int = 2048 * MIB

    # Scores without each unit: how many sequences at most and how many units, the multiplications
    # of all of them, and how many sessions measure at the same time.
    ablation_sequences: int = 256
    ablation_units: int = 1024
    ablation_work: int = 4_000_000_000_000
    ablations_at_once: int = 2

    # ``POST /api/trace``.
    body_bytes: int = MIB
    requests: int = 8
