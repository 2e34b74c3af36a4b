# The images of wyoming-kokoro. Targets: `server` (the processor, or CUDA with FLAVOR=cuda) and `app`
# (the app of Home Assistant), which is the default because the Supervisor names none.
# docs/publishing.md lists the arguments, the tags and their sizes.

# Any base with Python 3.11 or 3.12 that has venv. The digest is of the tag's multi-platform index.
ARG BASE=docker.io/library/python:3.12.14-slim-trixie@sha256:78387bc3881b8273120a12ebe6c1ab22b018ccc2c9adf565ae1ac9b536e184ea

FROM ${BASE} AS build
ARG BUILD_PACKAGES="g++"
# A compiler for the native library, and for the one package without a wheel for aarch64. It stays
# in this stage, so its version does not matter.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ${BUILD_PACKAGES} \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
RUN python3 -m venv /opt/kokoro
ENV PATH=/opt/kokoro/bin:$PATH
# slim: without Japanese and Mandarin; full: all nine languages; cuda: full, for NVIDIA.
ARG FLAVOR=full
COPY script/image/requirements/build.txt script/image/requirements/${FLAVOR}.txt requirements/
RUN pip install --no-cache-dir --require-hashes --requirement requirements/build.txt \
    && pip install --no-cache-dir --require-hashes --no-deps --no-build-isolation --use-pep517 \
        --requirement "requirements/${FLAVOR}.txt"
COPY pyproject.toml README.md LICENSE ./
COPY script/packaging script/packaging
COPY wyoming_kokoro wyoming_kokoro
RUN WYOMING_KOKORO_NATIVE=1 pip install --no-cache-dir --no-deps --no-build-isolation . \
    && pip uninstall --quiet --yes setuptools pip \
    && touch /opt/kokoro/.runtime /opt/kokoro/.starter /opt/kokoro/.web /opt/kokoro/.jobs \
    # Tests, a segmenter, a lexicon twice and tools for models, none of which anything here opens.
    && find /opt/kokoro/lib \( -path '*/onnx/backend/test' -o -path '*/jieba/lac_small' \
        -o -path '*/numpy/*/tests' -o -path '*/gruut_lang_en/lexicon.db' \
        -o -path '*/gruut_lang_en/espeak' -o -path '*/gruut_lang_en/g2p' \
        -o -path '*/onnxruntime/transformers' \) -prune -exec rm -rf {} +
# Model versions to bake in, as in --build-arg MODELS="v1.0". An empty volume is filled with them.
ARG MODELS=""
RUN install -d /data \
    && for version in ${MODELS}; do \
        wyoming-kokoro download --data-dir /data --model "${version}" --voices all || exit 1; \
    done

FROM ${BASE} AS server
RUN useradd --user-group --uid 10200 --home-dir /data --no-create-home \
        --shell /usr/sbin/nologin kokoro
COPY --from=build /opt/kokoro /opt/kokoro
COPY --from=build --chown=kokoro:kokoro /data /data
COPY run.sh script/image/app.sh /opt/kokoro/
COPY LICENSE script/image/THIRD-PARTY.md /usr/share/doc/wyoming-kokoro/
RUN cp /usr/share/common-licenses/GPL-3 /usr/share/doc/wyoming-kokoro/
ENV PATH=/opt/kokoro/bin:$PATH \
    HOME=/data \
    WYOMING_KOKORO_VENV=/opt/kokoro \
    WYOMING_KOKORO_DATA_DIR=/data
LABEL org.opencontainers.image.title="wyoming-kokoro" \
      org.opencontainers.image.description="Text-to-speech for Home Assistant: Kokoro over the Wyoming protocol" \
      org.opencontainers.image.licenses="Apache-2.0 AND GPL-3.0-or-later"
EXPOSE 10200
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --start-interval=2s --retries=3 \
    CMD ["wyoming-kokoro", "health"]
USER 10200:10200
ENTRYPOINT ["/opt/kokoro/run.sh"]

FROM server AS app
ARG BUILD_VERSION
ARG BUILD_ARCH
LABEL io.hass.type="app" \
      io.hass.version="${BUILD_VERSION}" \
      io.hass.arch="${BUILD_ARCH}"
# Only root may read the options; app.sh steps down to kokoro.
# hadolint ignore=DL3002
USER 0:0
ENTRYPOINT ["/opt/kokoro/app.sh"]
