#!/usr/bin/env bash
# Makes secrets/ beside this file: a password that nobody chose, the URL with it, and an empty file for each token, which you fill in.
# What is there already stays as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
umask 077
mkdir -p secrets
[[ -s secrets/postgres_password ]] || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >secrets/postgres_password
printf 'postgres://stancebot:%s@postgres:5432/stancebot?sslmode=disable' "$(<secrets/postgres_password)" >secrets/database_url
for name in slack_bot_token slack_app_token; do
	[[ -e secrets/$name ]] || : >"secrets/$name"
done
# Compose lays files as they are, and the program's user in the container has another number.
chmod 0711 secrets
chmod 0444 secrets/*
ls -l secrets
