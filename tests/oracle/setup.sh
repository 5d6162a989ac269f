#!/bin/sh
# Makes the two Python environments the tests compare with: TensorFlow 2.15, and
# TensorFlow 2.21 with LiteRT. Does nothing where they already are.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=${TOUCANET_ORACLE_DIR:-$root/.oracle}
python=${PYTHON:-python3}

environment() {  # name, check, packages...
    home=$folder/$1 check=$2
    shift 2
    if [ -x "$home/bin/python" ] && TF_CPP_MIN_LOG_LEVEL=3 "$home/bin/python" -c "$check" >/dev/null 2>&1; then
        echo "$home: already there"
        return
    fi
    mkdir -p "$folder"
    "$python" -m venv "$home"
    "$home/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
    TF_CPP_MIN_LOG_LEVEL=3 "$home/bin/python" -c "$check"
    echo "$home: ready"
}

environment tf215 'import tensorflow as tf; assert tf.__version__ == "2.15.1"' 'tensorflow-cpu==2.15.1'
environment tf221 'import tensorflow as tf; assert tf.__version__ == "2.21.0"; import ai_edge_litert.interpreter' \
    'tensorflow-cpu==2.21.0' 'ai-edge-litert==2.3.0'
