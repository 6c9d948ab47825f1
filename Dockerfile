# The images of the connectors. `docker build .` makes airbyte/source-clevertap.
#
#   docker build -t airbyte/source-clevertap:dev .
#   docker build -t airbyte/source-kustomer:dev --target kustomer .
#   docker build -t airbyte/source-sprinklr:dev --target sprinklr .
#   docker build --target test .            the unit tests on Debian 13 with its g++
#
# Nothing here names an architecture: the same file builds amd64 and arm64.

FROM debian:trixie-slim AS tools
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      g++ cmake ninja-build pkg-config ca-certificates tzdata tzdata-legacy busybox-static \
      libcurl4-openssl-dev libssl-dev libisal-dev libsimdjson-dev libxxhash-dev nlohmann-json3-dev libfmt-dev libcli11-dev \
      libhowardhinnant-date-dev libvalijson-dev libcpp-httplib-dev zlib1g-dev catch2 >/dev/null \
 && rm -rf /var/lib/apt/lists/*

FROM tools AS build
WORKDIR /project
COPY . .
RUN cmake --preset release -DENGAGEMENT_WERROR=ON \
 && cmake --build --preset release --target engagement-source

FROM build AS test
RUN cmake --build --preset release --target unit-tests \
 && ctest --test-dir build/release --output-on-failure --no-tests=error --timeout 600 -j "$(nproc)" -L unit

# The whole file system of the images: the executable, the libraries it loads, what TLS, name resolution and time zones
# need at run time, and a shell with the few commands that Airbyte's platform calls.
FROM build AS rootfs
RUN set -eu; \
    root=/rootfs; \
    mkdir -p $root/usr/bin $root/usr/lib $root/usr/local/bin $root/etc/ssl/certs $root/usr/share; \
    for folder in bin lib lib64; do [ -L /$folder ] && ln -s usr/$folder $root/$folder; done; \
    [ -L /lib64 ] && mkdir -p $root/usr/lib64; \
    install -s build/release/bin/engagement-source $root/usr/local/bin/; \
    ldd $root/usr/local/bin/engagement-source | grep -o '/[^ ]*' | sort -u | while read -r library; do \
      mkdir -p "$root$(dirname "$library")"; cp -L "$library" "$root$library"; \
    done; \
    cp /bin/busybox $root/usr/bin/busybox; \
    for applet in sh sleep mv kill echo cat cp rm mkdir mkfifo ls test true false env id touch head tail date; do \
      ln -s busybox $root/usr/bin/$applet; \
    done; \
    cp /etc/ssl/certs/ca-certificates.crt $root/etc/ssl/certs/; \
    mkdir -p $root/usr/lib/ssl; ln -s /etc/ssl/certs $root/usr/lib/ssl/certs; \
    ln -s /etc/ssl/certs/ca-certificates.crt $root/usr/lib/ssl/cert.pem; \
    cp /etc/nsswitch.conf $root/etc/ 2>/dev/null || echo 'hosts: files dns' > $root/etc/nsswitch.conf; \
    cp -r /usr/share/zoneinfo $root/usr/share/; \
    rm -rf $root/usr/share/zoneinfo/posix $root/usr/share/zoneinfo/right; \
    ln -s /usr/share/zoneinfo/Etc/UTC $root/etc/localtime; \
    printf 'root:x:0:0:root:/root:/bin/sh\nairbyte:x:1000:1000:airbyte:/airbyte:/bin/sh\n' > $root/etc/passwd; \
    printf 'root:x:0:\nairbyte:x:1000:\n' > $root/etc/group; \
    install -d -m 1777 $root/tmp; \
    install -d -o 1000 -g 1000 $root/airbyte $root/config $root/source $root/secrets; \
    for name in clevertap kustomer sprinklr; do \
      mkdir -p /connectors/$name/usr/local/bin; \
      ln -s engagement-source /connectors/$name/usr/local/bin/source-$name; \
    done

FROM scratch AS runtime
COPY --from=rootfs /rootfs/ /
ENV PATH=/usr/local/bin:/usr/bin:/bin TZ=UTC
LABEL org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.vendor="engagement-source"
WORKDIR /airbyte
USER 1000:1000

# One stage a connector, alike but for the name. The last one in the file is what `docker build .` makes.
FROM runtime AS kustomer
COPY --from=rootfs /connectors/kustomer/ /
ENV AIRBYTE_ENTRYPOINT=/usr/local/bin/source-kustomer
ENTRYPOINT ["/usr/local/bin/source-kustomer"]
LABEL io.airbyte.name="airbyte/source-kustomer" \
      io.airbyte.version="0.1.0" \
      org.opencontainers.image.title="source-kustomer" \
      org.opencontainers.image.description="Airbyte source connector for Kustomer" \
      org.opencontainers.image.version="0.1.0"

FROM runtime AS sprinklr
COPY --from=rootfs /connectors/sprinklr/ /
ENV AIRBYTE_ENTRYPOINT=/usr/local/bin/source-sprinklr
ENTRYPOINT ["/usr/local/bin/source-sprinklr"]
LABEL io.airbyte.name="airbyte/source-sprinklr" \
      io.airbyte.version="0.1.0" \
      org.opencontainers.image.title="source-sprinklr" \
      org.opencontainers.image.description="Airbyte source connector for Sprinklr" \
      org.opencontainers.image.version="0.1.0"

FROM runtime AS clevertap
COPY --from=rootfs /connectors/clevertap/ /
ENV AIRBYTE_ENTRYPOINT=/usr/local/bin/source-clevertap
ENTRYPOINT ["/usr/local/bin/source-clevertap"]
LABEL io.airbyte.name="airbyte/source-clevertap" \
      io.airbyte.version="0.1.0" \
      org.opencontainers.image.title="source-clevertap" \
      org.opencontainers.image.description="Airbyte source connector for CleverTap" \
      org.opencontainers.image.version="0.1.0"
