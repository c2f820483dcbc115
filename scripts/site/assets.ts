import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from './sources.ts'

/** A file of the site. */
export interface Asset {
  readonly address: string
  readonly bytes: Buffer
  readonly type: string
}

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}

const FONTS = 'node_modules/geist/dist/fonts'

/** What comes from elsewhere, by the name that the files of the site call it by. */
const BORROWED: Readonly<Record<string, string>> = {
  'geist-sans.woff2': `${FONTS}/geist-sans/Geist-Variable.woff2`,
  'geist-mono.woff2': `${FONTS}/geist-mono/GeistMono-Variable.woff2`,
  'geist-serif.woff2': `${FONTS}/geist-serif/GeistSerif-Regular.woff2`,
  'minisearch.js': 'node_modules/minisearch/dist/es/index.js',
}

/** Files that name others come after them. */
const OURS = ['search-options.js', 'search.js', 'site.js', 'theme.js', 'site.css']

/** The files that pages load, by their names. An address holds what a file is made of, so it is kept for ever. */
export function siteAssets(): Map<string, Asset> {
  const assets = new Map<string, Asset>()
  for (const [name, file] of Object.entries(BORROWED)) assets.set(name, named(name, borrowed(read(file))))
  for (const name of OURS) {
    const text = read(`scripts/site/browser/${name}`).toString()
    const whole = name === 'site.css' ? `${read('app/tokens.css').toString()}\n${text}` : text
    assets.set(name, named(name, Buffer.from(withAddresses(whole, assets))))
  }
  return assets
}

/** A file under an address that holds its hash. */
export function named(name: string, bytes: Buffer): Asset {
  const { name: stem, ext } = path.parse(name)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  return { address: `/docs/assets/${stem}.${hash}${ext}`, bytes, type: typeOf(name) }
}

/** The pictures that documents show, by their files. */
export function readPictures(): Map<string, Asset> {
  const files = globSync('docs/images/**/*.{png,svg}', { cwd: ROOT }).toSorted()
  return new Map(files.map((file) => [file, named(path.basename(file), read(file))]))
}

/** Maps of the source are not served. */
function borrowed(bytes: Buffer): Buffer {
  const mark = bytes.lastIndexOf('//# sourceMappingURL=')
  return mark === -1 ? bytes : bytes.subarray(0, mark)
}

function withAddresses(text: string, assets: ReadonlyMap<string, Asset>): string {
  // A library has no address of its own in a browser.
  let whole = text.replace("from 'minisearch'", "from './minisearch.js'")
  for (const [name, { address }] of assets)
    whole = whole.replaceAll(`'./${name}'`, `'${address}'`).replaceAll(`url("${name}")`, `url("${address}")`)
  return whole
}

function typeOf(name: string): string {
  const type = TYPES[path.extname(name).slice(1)]
  if (type === undefined) throw new Error(`${name} is no file of the site.`)
  return type
}

function read(file: string): Buffer {
  return readFileSync(path.join(ROOT, file))
}
