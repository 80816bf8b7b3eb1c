FROM python:3.13-slim

# Kernels are kept in XDG_CACHE_HOME: a volume there keeps them from one container to the next.
ENV XDG_CACHE_HOME=/var/cache/gruscope
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src

# The dependencies have a layer of their own, so that a change to the sources does not install them again.
COPY constraints.txt pyproject.toml ./
RUN python -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb'))['project']; print(*p['dependencies'], *p['optional-dependencies']['fast'], sep='\n')" > requirements.txt \
    && pip install --constraint constraints.txt --requirement requirements.txt

COPY setup.py README.md LICENSE ./
COPY app app
COPY gru_core gru_core
COPY static static
COPY templates templates
RUN pip install --no-deps . \
    && rm -r /src/* \
    && useradd --system --no-create-home --shell /usr/sbin/nologin gruscope \
    && install --directory --owner gruscope /var/cache/gruscope

WORKDIR /
USER gruscope
EXPOSE 8017
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8017/healthz', timeout=2)"]

# Anywhere but on loopback the server requires a token: set GRUSCOPE_TOKEN, or read the generated
# one in `docker logs`.
ENTRYPOINT ["gruscope", "--host", "0.0.0.0", "--port", "8017", "--no-browser"]
