# One image for the API, the worker, the scheduler and the migration; docker-compose.yml says what each of them runs.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

RUN groupadd --gid 10001 tokencast && useradd --uid 10001 --gid 10001 --home-dir /nonexistent --no-create-home tokencast

WORKDIR /app

COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY forecasts ./forecasts
COPY service ./service
COPY tokencast ./tokencast
COPY workers ./workers
COPY migrations ./migrations
RUN pip install --no-deps --no-build-isolation -e .

USER 10001:10001
EXPOSE 8351

HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8351/readyz', timeout=4)"]

CMD ["tokencast", "serve", "--host", "0.0.0.0", "--port", "8351"]
