/*
 * The desktop as a script of sh, so that it is started in one way wherever the sandbox is: a VNC server that is a display,
 * and a small window manager. It prints one line: "running WIDTHxHEIGHT", "missing PACKAGE…" or "failed REASON".
 */

export const displaySocket = '/tmp/.X11-unix/X0'
export const vncPort = 5900
export const usualSize = { width: 1280, height: 800 }
const usualDpi = 96

type Size = { width: number; height: number; /** Dots per inch. */ dpi?: number }

/** Program → the Debian package that has it. */
export const desktopPrograms: Record<string, string> = {
  Xvnc: 'tigervnc-standalone-server',
  jwm: 'jwm',
  xdotool: 'xdotool',
  scrot: 'scrot',
  xrandr: 'x11-xserver-utils',
  xterm: 'xterm',
  pkill: 'procps',
}

/** Lines of sh after which `missing` holds the packages of those programs that cannot be run, a space before each. bash names what is no program, too. */
export const lookForScript = (programs: Record<string, string>): string =>
  ['missing=', ...Object.entries(programs).map(([program, name]) => `[ -x "$(command -v ${program})" ] || missing="$missing ${name}"`)].join('\n')

const lookForDesktop = `${lookForScript(desktopPrograms)}
if [ -n "$missing" ]; then echo "missing$missing"; exit 0; fi`

/** Installs what is missing, on Debian and Ubuntu. */
export const installCommand = (packages: readonly string[]) => `apt-get install -y --no-install-recommends ${packages.join(' ')}`

/** In the scripts of this file, which must find the display as it is. */
const mark = ': the desktop itself'

/** Whether a command works with the display. */
export const needsDisplay = (command: string) =>
  !command.includes(mark) && /\b(xdotool|scrot|xrandr|xdpyinfo|Xvfb|startxfce4|xdg-open|gtk-launch|xclip|xsel|xterm|chromium|firefox)\b/.test(command)

/** The size that a command asks for which starts the display itself, as the desktop's SDK does. */
export function sizeAskedFor(command: string): Size | undefined {
  const [, width, height] = /\bXvfb :0 .*-screen 0 (\d{3,4})x(\d{3,4})x/.exec(command) ?? []
  const [, dpi] = / -dpi (\d{2,3})\b/.exec(command) ?? []
  return width === undefined ? undefined : { width: Number(width), height: Number(height), ...(dpi !== undefined && { dpi: Number(dpi) }) }
}

/** The look of the room: quiet greys, one accent, no gradients. */
const windows = `<?xml version="1.0"?>
<JWM>
  <RootMenu onroot="3" label="Desktop">
    <Program label="Terminal">x-terminal-emulator || xterm</Program>
    <Program label="Browser">x-www-browser</Program>
    <Separator/>
    <Restart label="Redraw"/>
  </RootMenu>
  <Tray x="0" y="-1" height="28" autohide="off">
    <TrayButton label="Menu">root:3</TrayButton>
    <TaskList maxwidth="220"/>
    <Clock format="%H:%M"/>
  </Tray>
  <WindowStyle decorations="flat">
    <Font>sans-9</Font>
    <Width>1</Width>
    <Height>24</Height>
    <Corner>0</Corner>
    <Foreground>#6b6b66</Foreground>
    <Background>#ecebe7</Background>
    <Outline>#d4d3cd</Outline>
    <Active><Foreground>#1d1d1b</Foreground><Background>#f7f6f3</Background><Outline>#b9b8b1</Outline></Active>
  </WindowStyle>
  <TrayStyle decorations="flat">
    <Font>sans-9</Font>
    <Foreground>#3a3a37</Foreground>
    <Background>#f7f6f3</Background>
    <Outline>#d4d3cd</Outline>
    <Active><Foreground>#1d1d1b</Foreground><Background>#e4e3de</Background></Active>
  </TrayStyle>
  <MenuStyle decorations="flat">
    <Font>sans-9</Font>
    <Foreground>#1d1d1b</Foreground>
    <Background>#ffffff</Background>
    <Outline>#d4d3cd</Outline>
    <Active><Foreground>#1d1d1b</Foreground><Background>#e4e3de</Background></Active>
  </MenuStyle>
  <Desktops width="1" height="1"><Background type="solid">#e4e3de</Background></Desktops>
  <FocusModel>click</FocusModel>
  <SnapMode distance="8">border</SnapMode>
  <MoveMode>opaque</MoveMode>
  <ResizeMode>opaque</ResizeMode>
  <DoubleClickSpeed>400</DoubleClickSpeed>
  <Key mask="A" key="F4">close</Key>
  <Key mask="A" key="Tab">nextstacked</Key>
</JWM>
`

/** Idempotent. @param size asked for; a running display is changed to it. Unless given, a running one keeps its own. */
export function desktopScript(size?: Size): string {
  const { width, height, dpi = usualDpi }: Size = size ?? usualSize
  return `${mark}
export DISPLAY=:0
${lookForDesktop}
exec 9>/tmp/.atrium-desktop.lock
flock 9
if ! xrandr >/dev/null 2>&1; then
  mkdir -p -m 1777 /tmp/.X11-unix 2>/dev/null
  rm -f /tmp/.X0-lock ${displaySocket}
  env -u ATRIUM_COMMAND setsid Xvnc :0 -geometry ${width}x${height} -depth 24 -rfbport ${vncPort} -localhost -SecurityTypes None -AlwaysShared \\
    -SendPrimary=0 -SetPrimary=0 -AcceptSetDesktopSize=0 -UseBlacklist=0 -desktop Atrium -nolisten tcp -dpi ${dpi} -ac >/tmp/.atrium-display.log 2>&1 </dev/null 9>&- &
  tries=0
  until xrandr >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ $tries -gt 200 ]; then echo "failed $(tail -n 1 /tmp/.atrium-display.log)"; exit 0; fi
    sleep 0.03
  done
  cat >/tmp/.atrium-windows.xml <<'END'
${windows}END
  setsid jwm -f /tmp/.atrium-windows.xml >/dev/null 2>&1 </dev/null 9>&- &
fi
${size ? `[ "$(xrandr | sed -n 's/.*current \\([0-9]*\\) x \\([0-9]*\\).*/\\1x\\2/p')" = ${width}x${height} ] || xrandr --fb ${width}x${height} >/dev/null 2>&1 || xrandr -s ${width}x${height} >/dev/null 2>&1` : ''}
${size?.dpi === undefined ? '' : `xrandr --dpi ${dpi} >/dev/null 2>&1`}
echo "running $(xrandr | sed -n 's/.*current \\([0-9]*\\) x \\([0-9]*\\).*/\\1x\\2/p')"
`
}

/** The same line, without starting anything. */
export const statusScript = `${mark}
export DISPLAY=:0
${lookForDesktop}
size=$(xrandr 2>/dev/null | sed -n 's/.*current \\([0-9]*\\) x \\([0-9]*\\).*/\\1x\\2/p')
if [ -n "$size" ]; then echo "running $size"; else echo stopped; fi
`
export const stopScript = `${mark}
pkill -x jwm; pkill -x Xvnc; pkill -x Xtigervnc; rm -f /tmp/.X0-lock /tmp/.X11-unix/X0; true`
