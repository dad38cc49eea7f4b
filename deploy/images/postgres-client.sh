#!/bin/sh
# Takes Postgres' client programs out of an image of Postgres, with the libraries they are linked against.
#   collect NAME  in that image: into /client; only tasks has a use for them
#   fit           in the image's base: into /fit, without the libraries that the base has itself
set -eu
programs='pg_dump pg_restore psql'

collect() {
  mkdir -p /client/bin /client/lib
  [ "$1" = tasks ] || return 0
  # Debian keeps each major version apart and puts a chooser on PATH; the newest is wanted.
  folder=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  for program in $programs; do
    file=$folder/$program
    [ -x "$file" ] || { echo "CLIENT has no $program: it is an image of Postgres, such as postgres:18-trixie" >&2; exit 1; }
    cp "$file" /client/bin/
    ldd "$file" | awk '$3 ~ /^\// { print $3 }' | xargs -I{} cp -Ln {} /client/lib/
  done
}

fit() {
  mkdir -p /fit/usr/bin
  [ -n "$(ls /client/bin)" ] || return 0
  cp /client/bin/* /fit/usr/bin/
  libraries=/usr/lib/$(uname -m)-linux-gnu
  mkdir -p "/fit$libraries"
  for library in /client/lib/*; do
    name=${library##*/}
    # Never over one that the base has: it gets its fixes with the base.
    [ -e "$libraries/$name" ] || [ -e "/lib/$(uname -m)-linux-gnu/$name" ] || cp "$library" "/fit$libraries/"
  done
  for program in $programs; do LD_LIBRARY_PATH="/fit$libraries" "/fit/usr/bin/$program" --version; done
}

"$@"
