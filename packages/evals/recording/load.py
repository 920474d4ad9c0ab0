"""Start the shop's server, put it under load, and print what it logged."""

import concurrent.futures
import contextlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

PORT = 8765


def fetch(path: str) -> None:
    with contextlib.suppress(urllib.error.HTTPError):
        urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=10).read()


def wait_until_ready() -> None:
    for _ in range(100):
        with contextlib.suppress(OSError):
            fetch("/health")
            return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def main() -> None:
    command = [sys.executable, "-m", "uvicorn", "server:app", "--port", str(PORT)]
    log = tempfile.TemporaryFile("w+")
    server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until_ready()
        paths = [f"/orders/{n}" if n % 20 else "/health" for n in range(1, 301)]
        with concurrent.futures.ThreadPoolExecutor(4) as clients:
            list(clients.map(fetch, paths))
    finally:
        server.terminate()
        server.wait()
    log.seek(0)
    sys.stdout.write(log.read())


if __name__ == "__main__":
    main()
