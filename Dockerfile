FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY constraints.txt pyproject.toml README.md ./
COPY app app
COPY gru_core gru_core
COPY static static
COPY templates templates
RUN pip install --constraint constraints.txt . \
    && rm -r /src/* \
    && useradd --system --no-create-home --shell /usr/sbin/nologin gruscope

WORKDIR /
USER gruscope
EXPOSE 8017
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8017/healthz', timeout=2)"]

# Other than on loopback the server asks for a token: give one as GRUSCOPE_TOKEN, or find the one
# it makes in `docker logs`.
ENTRYPOINT ["gruscope", "--host", "0.0.0.0", "--port", "8017", "--no-browser"]
