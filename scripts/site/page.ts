import { escapeHtml as e } from './html.ts'
import type { Heading } from './markdown.ts'
import type { Entry, Section } from './navigation.ts'

/** Addresses of the files that every page needs. */
export interface PageFiles {
  readonly style: string
  readonly theme: string
  readonly script: string
  readonly search: string
  readonly index: string
}

export interface PageContent {
  readonly address: string
  readonly title: string
  /** The article, its title included. */
  readonly html: string
  readonly headings: readonly Heading[]
}

/** A page of the site, whole. Nothing in it is inline: its policy allows files of this server alone. */
export function renderPage(page: PageContent, sections: readonly Section[], files: PageFiles): string {
  const name = page.address === '/docs' ? 'Incipit documentation' : `${page.title} · Incipit documentation`
  return `<!doctype html>
<html lang="en" data-search="${files.search}" data-index="${files.index}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${e(name)}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${files.style}">
<script src="${files.theme}"></script>
<script type="module" src="${files.script}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
${header()}
<div class="columns">
${menu(sections, page.address)}
<main id="main" tabindex="-1">
${outline(page.headings, 'narrow')}
<article>
${page.html}
</article>
${neighbours(sections, page.address)}
</main>
${outline(page.headings, 'wide')}
</div>
</body>
</html>
`
}

function header(): string {
  return `<header class="top">
<a class="name" href="/docs"><span class="mark">Incipit</span> Documentation</a>
<span class="tools">
<button type="button" class="search-button" hidden>Search <kbd>/</kbd></button>
<button type="button" class="theme-button" hidden aria-label="Theme"></button>
<a href="/">Open Incipit</a>
</span>
</header>`
}

/** The contents beside the text; on a narrow page they open above it. */
function menu(sections: readonly Section[], address: string): string {
  const lists = sections
    .map(({ title, pages }) => {
      const items = pages.map((entry) => `<li>${entryLink(entry, address)}</li>`).join('')
      return `<h2>${e(title)}</h2><ul>${items}</ul>`
    })
    .join('\n')
  return `<nav class="contents" aria-label="Contents">
<details open><summary>Contents</summary>
${lists}
</details>
</nav>`
}

function entryLink(entry: Entry, address: string): string {
  const isHere = entry.address === address
  const isAbove = !isHere && address.startsWith(`${entry.address}/`)
  const current = isHere ? ' aria-current="page"' : isAbove ? ' aria-current="true"' : ''
  return `<a href="${entry.address}"${current}>${e(entry.title)}</a>`
}

/** What is on the page, beside it or above it. */
function outline(headings: readonly Heading[], kind: 'wide' | 'narrow'): string {
  const parts = headings.filter(({ depth }) => depth === 2 || depth === 3)
  if (parts.length < 3) return ''
  const items = parts
    .map(({ id, depth, title }) => `<li class="depth-${depth}"><a href="#${e(id)}">${e(title)}</a></li>`)
    .join('')
  return kind === 'wide'
    ? `<nav class="outline wide" aria-label="On this page"><h2>On this page</h2><ul>${items}</ul></nav>`
    : `<nav class="outline narrow" aria-label="On this page"><details><summary>On this page</summary><ul>${items}</ul></details></nav>`
}

/** The pages before and after this one in the order of the contents. */
function neighbours(sections: readonly Section[], address: string): string {
  const all = sections.flatMap(({ pages }) => pages)
  const here = all.findIndex((entry) => entry.address === address)
  if (here === -1) return ''
  const link = (entry: Entry | undefined, word: string) =>
    entry === undefined ? '<span></span>' : `<a href="${entry.address}">${word}: ${e(entry.title)}</a>`
  return `<nav class="neighbours" aria-label="Neighbouring pages">${link(all[here - 1], 'Before')}${link(all[here + 1], 'Next')}</nav>`
}
