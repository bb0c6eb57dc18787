# shellcheck shell=sh
# Sent first to every `exec sh -s`. The caller sets ty_n, a nonce: what stands outside its frame is a login shell's noise.
ty_n=

# Decodes base64 into ty_v, byte for byte: $(…) drops newlines at the end, so an x stands guard.
ty_decode() {
  ty_v=$(LC_ALL=C; export LC_ALL; printf %s "$1" | base64 -d; printf x)
  ty_v=${ty_v%x}
}
ty_begin() {
  printf '\001ty:%s:begin\n' "$ty_n"
  printf '\001ty:%s:begin\n' "$ty_n" >&2
}
ty_end() {
  printf '\001ty:%s:end:%s\n' "$ty_n" "$1"
  printf '\001ty:%s:end:%s\n' "$ty_n" "$1" >&2
}
