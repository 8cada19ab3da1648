#!/usr/bin/env bash
# Forgets quotes, so that a folder with a space becomes two.
folder=$1
mkdir -p $folder
