import { createHash } from 'node:crypto'

/*
 * Pages that need nothing: no database, no bundle, no router. Their colours are those of app/tokens.css, and they
 * follow the theme that was chosen (next-themes keeps it under this name).
 */

const STYLE = `:root{color-scheme:light dark}[data-theme=light]{color-scheme:light}[data-theme=dark]{color-scheme:dark}
body{margin:0;background:light-dark(oklch(.984 .004 85),oklch(.178 .006 65));color:light-dark(oklch(.225 .012 60),oklch(.935 .008 85));font:1rem/1.6 system-ui,sans-serif}
main{max-width:40rem;margin:0 auto;padding:5rem 1.5rem;overflow-wrap:anywhere}
h1{font:400 2.25rem/1.2 Georgia,serif;margin:0 0 1.25rem}h1::first-letter{color:light-dark(oklch(.525 .19 29),oklch(.725 .155 33))}
p{margin:0 0 1rem;color:light-dark(oklch(.405 .014 60),oklch(.8 .012 80))}
small{color:light-dark(oklch(.49 .014 60),oklch(.68 .012 75))}
a{color:light-dark(oklch(.455 .125 258),oklch(.775 .09 255))}`

const THEME = `try{
  const theme=localStorage.getItem('incipit-theme')
  if(theme==='light'||theme==='dark')document.documentElement.dataset.theme=theme
}catch{}
const wait=1000*Number(document.documentElement.dataset.retry)`

/** A page with the policy under which nothing runs or is drawn but what stands in it. */
export interface PlainPage {
  readonly html: string
  readonly policy: string
}

/**
 * Makes a kind of page.
 * @param script runs after the theme is set; `wait` has the milliseconds of `retryAfter`
 * @returns makes one. `title`: without markup. `body`: HTML, what comes from elsewhere escaped. `retryAfter`:
 *   seconds; without scripts the page loads itself again some seconds later. Left out: never.
 */
export function plainPages(
  script: string,
): (page: { title: string; body: string; retryAfter?: number | undefined }) => PlainPage {
  const whole = `${THEME}\n${script}`
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(whole)}'`,
    `style-src '${hashOf(STYLE)}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return ({ title, body, retryAfter }) => {
    const refresh =
      retryAfter === undefined
        ? ''
        : `\n<noscript><meta http-equiv="refresh" content="${retryAfter + 3}"></noscript>`
    const html = `<!doctype html>
<html lang="en"${retryAfter === undefined ? '' : ` data-retry="${retryAfter}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Incipit</title>
<style>${STYLE}</style>${refresh}
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
<script>${whole}</script>
</body>
</html>
`
    return { html, policy }
  }
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as it stands in HTML, in an attribute too. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
