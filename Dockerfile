# docker build -t flowlint . && docker run --rm -v "$PWD:/work" flowlint lint traces/
FROM swift:6.1 AS build
RUN apt-get update -q \
  && apt-get install -y -q --no-install-recommends libpcap-dev zlib1g-dev libzstd-dev libyaml-dev pkg-config \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources ./Sources
COPY Tests ./Tests
COPY scripts/release-flags ./scripts/
RUN swift build $(scripts/release-flags) --product flowlint \
  && install -D "$(swift build -c release --show-bin-path)/flowlint" /out/flowlint \
  && strip /out/flowlint

FROM ubuntu:24.04
RUN apt-get update -q \
  && apt-get install -y -q --no-install-recommends libpcap0.8t64 zlib1g libzstd1 libyaml-0-2 \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/flowlint /usr/local/bin/flowlint
WORKDIR /work
# Captures are read as an ordinary user; 'record' needs --user root --cap-add NET_RAW.
USER ubuntu
ENTRYPOINT ["flowlint"]
CMD ["--help"]
