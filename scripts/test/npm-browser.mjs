import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expectedError } from '../expected-error.mjs'
import { root } from '../root.mjs'
import { runCommand } from '../run-command.mjs'

const source = join(root, 'node_modules', '@sparticuz', 'chromium')

/**
 * The headless Chromium that an npm package holds, unpacked once: every machine tests with the same
 * browser, the same libraries and the same fonts, and needs neither root nor a download.
 * @param {string} node
 * @returns {Promise<string | undefined>} what starts it; undefined where the package has no browser
 */
export async function npmBrowser(node) {
  if (process.platform !== 'linux' || process.arch !== 'x64' || !existsSync(source)) return undefined
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  const folder = join(root, 'node_modules', '.cache', 'incipit', `chromium-${version}`)
  if (!existsSync(folder)) await unpack(node, folder)
  return join(folder, starter)
}

const starter = 'start'

/** Under its final name only once it is whole: an unpacking that was broken off leaves nothing behind. */
async function unpack(node, folder) {
  const draft = `${folder}.${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  // The package unpacks to the folder for temporary files and takes what it finds there.
  const env = { ...process.env, TMPDIR: draft }
  const { code, output } = await runCommand(node, ['--input-type=module', '-e', program], { cwd: root, env })
  if (code !== 0)
    throw expectedError(`The browser of the tests could not be unpacked:\n${output.slice(-500)}`)
  writeFileSync(join(draft, 'fonts.conf'), fontsIn(folder))
  writeFileSync(join(draft, starter), script)
  chmodSync(join(draft, starter), 0o755)
  renameSync(draft, folder)
}

const program = `
import chromium, { inflate } from '@sparticuz/chromium'
await chromium.executablePath()
await inflate(${JSON.stringify(join(source, 'bin', 'al2023.tar.br'))})
`

const script = `#!/bin/sh
here=$(dirname "$0")
export LD_LIBRARY_PATH="$here/al2023/lib" FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" "$@"
`

/** The package's fonts and no others: a page looks the same on every machine. */
const fontsIn = (folder) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`
