# The sandbox as a container: docker build -t fakeserver . && docker run -p 127.0.0.1:1403:1403 fakeserver

FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
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
# It asks where the options in the environment have put the server, over HTTPS where it has a certificate.
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 \
    CMD ["fakeserver", "wait", "--timeout", "2"]
STOPSIGNAL SIGTERM
ENV PATH=/opt/fakeserver/bin:$PATH
# All addresses are those of the container; who reaches them decides the port's publishing, here and in
# compose files 127.0.0.1. Every other option can be given the same way, FAKESERVER_CONTROL_TOKEN for example.
ENV FAKESERVER_HOST=0.0.0.0 FAKESERVER_OPEN_CONTROL=1
CMD ["fakeserver"]
