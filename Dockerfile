# The sandbox as a container: docker build -t fakeserver . && docker run -p 127.0.0.1:1403:1403 fakeserver

FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY fakeserver fakeserver
COPY client client
COPY contracts contracts
RUN python -m venv /opt/fakeserver
RUN /opt/fakeserver/bin/pip install --no-cache-dir --no-compile .

FROM python:3.13-slim
RUN useradd --system --no-create-home --uid 10001 fakeserver
COPY --from=build /opt/fakeserver /opt/fakeserver
USER 10001
EXPOSE 1403
# `wait` reads the same variables as the server: it finds the port, and uses HTTPS if there is a certificate.
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 \
    CMD ["fakeserver", "wait", "--timeout", "2"]
STOPSIGNAL SIGTERM
ENV PATH=/opt/fakeserver/bin:$PATH
# The server listens on all addresses of the container. How the port is published decides who can reach it, so
# publish it on 127.0.0.1. Every other option has a variable as well, such as FAKESERVER_CONTROL_TOKEN.
ENV FAKESERVER_HOST=0.0.0.0 FAKESERVER_OPEN_CONTROL=1
CMD ["fakeserver"]
