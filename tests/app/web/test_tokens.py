import pytest
from starlette.testclient import WebSocketDenialResponse

from gruscope.settings import Settings
from tests.app.support import LATCH, PORT, SOCKET, TOKEN, client

SETTINGS = Settings(token=TOKEN, loopback=False, host="0.0.0.0")
BEARER = {"authorization": f"Bearer {TOKEN}"}
COOKIE = {"cookie": f"gruscope_{PORT}={TOKEN}"}
PATHS = ["/", "/openapi.json", "/static/0/js/main.js", "/plotly/0.js", "/nothing"]


def get(path: str, **headers: str):
    return client(SETTINGS, follow_redirects=False).get(path, headers=headers)


@pytest.mark.parametrize("path", PATHS)
def test_without_the_token_nothing_is_told(path):
    answer = get(path)
    assert (answer.status_code, answer.json()["code"]) == (401, "token")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["cache-control"] == "no-store"


def test_health_is_open():
    assert get("/healthz").status_code == 200


def test_a_browser_is_shown_the_token_page_with_all_it_needs():
    page = get("/", accept="text/html")
    assert page.status_code == 401
    assert "token" in page.text and page.headers["content-type"].startswith("text/html")
    assets = [part.split('"')[0] for part in page.text.split('="') if part.startswith("/static/")]
    assert any(path.endswith("/js/views/token/token.js") for path in assets)
    assert [get(path).status_code for path in assets] == [200] * len(assets)
    assert get(assets[0].rsplit("/", 2)[0] + "/js/main.js").status_code == 401


@pytest.mark.parametrize(
    ("path", "location"),
    [
        (f"/?token={TOKEN}", "/"),
        (f"/?a=1&token={TOKEN}&b=2", "/?a=1&b=2"),
        (f"//evil.example/?token={TOKEN}", "/evil.example/"),
        (f"/a/b?token={TOKEN}", "/a/b"),
        (f"/%5Cevil.example/?token={TOKEN}", "/evil.example/"),
        (f"/a%0d%0aset-cookie:b?token={TOKEN}", "/a%0D%0Aset-cookie%3Ab"),
        (f"/%C3%A9?c=%C3%A9&token={TOKEN}", "/%C3%A9?c=%C3%A9"),
    ],
)
def test_the_token_in_the_address_is_exchanged_for_a_cookie(path, location):
    http = client(SETTINGS, follow_redirects=False)
    answer = http.get(f"http://127.0.0.1:{PORT}{path}")
    assert (answer.status_code, answer.headers["location"]) == (303, location)
    cookie = answer.headers["set-cookie"]
    name, *attributes = cookie.lower().split("; ")
    assert name == f"gruscope_{PORT}={TOKEN}".lower()
    assert sorted(attributes) == ["httponly", "path=/", "samesite=strict"]
    assert http.get("/").status_code == 200


@pytest.mark.parametrize("given", ["x", TOKEN + "x", TOKEN[:-1], "", "%C3%A9", "%00"])
def test_a_wrong_token_is_not_exchanged(given):
    answer = get(f"/?token={given}", accept="text/html")
    assert answer.status_code == 401 and "set-cookie" not in answer.headers
    assert ("That token is wrong." in answer.text) == bool(given)


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": TOKEN},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": "Bearer "},
        {"authorization": f"Bearer {TOKEN}x"},
        {"cookie": f"gruscope_{PORT + 1}={TOKEN}"},
        {"cookie": f"gruscope_{PORT}={TOKEN}x"},
        {"cookie": f"gruscope={TOKEN}"},
        {"x-token": TOKEN},
    ],
)
def test_a_wrong_token_is_refused(headers):
    assert get("/", **headers).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        BEARER,
        {"authorization": f"bearer {TOKEN}"},
        COOKIE,
        {"cookie": f'a={{"b"}}; {COOKIE["cookie"]}'},
    ],
)
def test_the_right_token_is_accepted(headers):
    assert get("/", **headers).status_code == 200


def test_api_clients_send_it_as_bearer():
    http = client(SETTINGS)
    assert http.post("/api/trace", json=LATCH).status_code == 401
    assert http.post("/api/trace", json=LATCH, headers=BEARER).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong-wrong-wrong"}])
def test_a_socket_without_the_token_is_refused_before_accept(headers):
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        client(SETTINGS).websocket_connect(f"{SOCKET}?token={TOKEN}", headers=headers),
    ):
        pass
    assert refused.value.status_code == 401


@pytest.mark.parametrize("headers", [BEARER, COOKIE])
def test_a_socket_with_the_token_is_served(headers):
    with client(SETTINGS).websocket_connect(SOCKET, headers=headers) as socket:
        socket.send_json({"type": "ping", "id": 1})
        assert socket.receive_json()["type"] == "pong"


def test_a_loopback_server_may_have_a_token_too():
    http = client(Settings(token=TOKEN))
    assert http.get("/").status_code == 401
    assert http.get("/", headers=BEARER).status_code == 200
