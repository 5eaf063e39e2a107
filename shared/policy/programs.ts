/*
 * What programs do, by name: the plain cases. Those whose options or operands decide are judged in `command-rules.ts`.
 */
const words = (text: string) => new Set(text.trim().split(/\s+/))

/** They print, and have no option that changes or starts something. */
export const reading = words(`
  ls dir vdir cat tac head tail wc nl pwd echo printf grep egrep fgrep zgrep zcat cut tr column paste comm join fold fmt expand rev cmp diff
  diff3 stat file du df free ps uptime uname whoami id groups who w arch nproc lscpu lsblk lsof basename dirname realpath readlink which
  whereis type md5sum sha1sum sha256sum sha512sum cksum sum b2sum base64 base32 xxd od hexdump strings seq expr bc dc factor yes locale tty
  cal sleep true false test [ : jq less more tree exa eza bat batcat pstree printenv ag cloc tokei numfmt getconf vmstat pgrep jobs
  shuf look units man help info history dirs times ulimit umask hash let wait return exit break continue shift getopts
`)

/** Builtins that change only the shell itself. */
export const shellOnly = words(
  'cd pushd popd export set unset local declare typeset readonly read mapfile readarray shopt alias unalias trap bg fg disown',
)

/** They end, on purpose, in something that cannot be undone or that reaches the machine itself. */
export const system = words(`
  mkfs fdisk sfdisk parted gdisk wipefs mount umount swapon swapoff losetup shutdown reboot halt poweroff init telinit systemctl service
  iptables ip6tables nft ufw ifconfig ip route useradd userdel usermod groupadd groupdel adduser deluser passwd chpasswd visudo crontab at
  batch modprobe insmod rmmod sysctl dmesg journalctl hostnamectl timedatectl ldconfig update-alternatives dpkg-reconfigure chattr setfacl
  setcap nsenter unshare chroot hwclock debugfs cryptsetup lvremove vgremove pvremove zfs zpool btrfs mkswap dd
`)
export const elevating = words('sudo doas su runuser pkexec gosu')
export const killing = words('kill pkill killall skill xkill fuser')
export const shredding = words('shred srm wipe')

/** They reach other machines. */
export const network = words(`
  curl wget http https xh aria2c ssh scp sftp ftp lftp tftp nc ncat netcat socat telnet rlogin rsh rclone ping traceroute dig nslookup host
  whois nmap openssl aws gcloud gsutil az kubectl helm docker podman docker-compose terraform pulumi ansible ansible-playbook heroku vercel
  netlify fly flyctl wrangler firebase gh glab hub s3cmd mc psql mysql mongosh mongo redis-cli ngrok cloudflared tailscale ollama
  lynx links w3m elinks yt-dlp youtube-dl gpg ssh-keygen ssh-copy-id
`)
export const mailing = words('mail mailx sendmail mutt msmtp swaks s-nail exim postfix')

/** They put something in the workspace; where, their operands say. */
export const writing = words(
  'touch mkdir mkfifo mktemp cp mv ln install tee patch split csplit truncate rmdir link unzip gunzip gzip bzip2 xz zstd zip 7z convert ffmpeg',
)

/** They build, test or check what stands in the workspace, and run what it says there. */
export const building = words(`
  make gmake cmake ninja meson bazel gcc g++ cc c++ clang clang++ ld rustc cargo go javac java kotlinc scalac sbt gradle gradlew ./gradlew mvn
  ./mvnw dotnet mix rebar3 ghc stack cabal swift swiftc zig tsc vite webpack rollup esbuild next nuxt astro jest vitest mocha ava playwright
  cypress eslint prettier biome oxlint oxfmt stylelint pytest tox nox ruff black isort flake8 mypy pyright pylint rspec rake phpunit composer
  turbo nx lerna tox pre-commit sphinx-build mkdocs hugo jekyll pandoc latexmk pdflatex xelatex protoc
`)

/** Languages: what is done depends on the text that they are given. */
export const pythons = /^(python|pypy)(\d+(\.\d+)*)?$/
export const otherInterpreters = words(
  'node nodejs deno bun perl ruby php lua luajit Rscript R julia osascript tclsh wish ghci irb gdb ed ex vi vim nvim emacs',
)
