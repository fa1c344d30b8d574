"""The packages of Go's standard library whose paths have a slash (`go list std`, Go 1.26): `database/sql`."""

from __future__ import annotations

NAMES = """
archive/ tar zip
compress/ bzip2 flate gzip lzw zlib
container/ heap list ring
crypto/ aes cipher des dsa ecdh ecdsa ed25519 elliptic fips140 hkdf hmac hpke md5 mlkem pbkdf2 rand rc4 rsa sha1 sha256
crypto/ sha3 sha512 subtle tls x509 x509/pkix
database/ sql sql/driver
debug/ buildinfo dwarf elf gosym macho pe plan9obj
encoding/ ascii85 asn1 base32 base64 binary csv gob hex json json/v2 pem xml
go/ ast build build/constraint constant doc doc/comment format importer parser printer scanner token types version
hash/ adler32 crc32 crc64 fnv maphash
html/ template
image/ color color/palette draw gif jpeg png
index/ suffixarray
io/ fs ioutil
log/ slog syslog
math/ big bits cmplx rand rand/v2
mime/ multipart quotedprintable
net/ http http/cgi http/cookiejar http/fcgi http/httptest http/httptrace http/httputil http/pprof mail netip rpc
net/ rpc/jsonrpc smtp textproto url
os/ exec signal user
path/ filepath
regexp/ syntax
runtime/ cgo coverage debug metrics pprof race trace
sync/ atomic
testing/ fstest iotest quick slogtest synctest
text/ scanner tabwriter template template/parse
time/ tzdata
unicode/ utf16 utf8
"""

STANDARD = frozenset(
    f"{folder}{name}" for folder, *names in (line.split() for line in NAMES.strip().splitlines()) for name in names
)
