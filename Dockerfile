# A static program and nothing else. `cargo xtask dist` makes it:
#     cargo xtask dist && docker build -t haproxy-lint .
#     docker run --rm -v "$PWD:/src:ro" haproxy-lint
FROM scratch
COPY target/dist/bin/haproxy-lint /haproxy-lint
WORKDIR /src
USER 65534:65534
ENTRYPOINT ["/haproxy-lint"]
