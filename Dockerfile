# Image of `crdgen`, which is one static program. `.github/workflows/release.yml` puts the program of each platform
# into dist/amd64 and dist/arm64 first.
#
#     docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD:/work" ghcr.io/crdgen/crdgen:VERSION generate --check
FROM scratch
ARG TARGETARCH
COPY dist/${TARGETARCH}/crdgen /crdgen
WORKDIR /work
# Nobody. A run that writes files into a volume needs --user, as above.
USER 65532:65532
ENTRYPOINT ["/crdgen"]
