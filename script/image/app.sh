#!/bin/sh
# Entry point of the Home Assistant app. The Supervisor starts it as root, because only root may read
# the options; the server itself runs as kokoro, without any capability.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${WYOMING_KOKORO_DATA_DIR:-/data}
config=${WYOMING_KOKORO_APP_CONFIG:-/config}
user=${WYOMING_KOKORO_USER:-kokoro}

# Voices and words of one's own lie where Home Assistant's users can put files.
for name in voices lexicon.txt; do
    [ -e "$data/$name" ] || ln -sfn "$config/$name" "$data/$name"
done
# The page writes there too, as another user: into these folders, and to no file that is a user's.
if [ -d "$config" ]; then
    [ -e "$config/voices" ] || mkdir "$config/voices"
    chown -h "$user:" "$config" "$config/voices"
fi
# The options too: the Supervisor writes them anew, as root, before every start.
find "$data" -xdev ! -user "$user" -exec chown -h "$user:" {} +

exec setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups \
    --no-new-privs --inh-caps=-all --bounding-set=-all \
    "$here/run.sh" serve --options "$data/options.json" --http tcp://0.0.0.0:8880 "$@"
