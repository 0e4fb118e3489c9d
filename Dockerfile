# A static program and nothing else: docker run --rm -v "$PWD:/src:ro" haproxy-lint
FROM rust:1-alpine AS build
RUN apk add --no-cache gcc musl-dev
WORKDIR /build
COPY . .
RUN cargo build --release --locked --package cargo-haproxy-lint --bin haproxy-lint

FROM scratch
COPY --from=build /build/target/release/haproxy-lint /haproxy-lint
WORKDIR /src
USER 65534:65534
ENTRYPOINT ["/haproxy-lint"]
