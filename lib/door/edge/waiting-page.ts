import { createHash } from 'node:crypto'

/*
 * One page that needs nothing: no database, no bundle, no router. Its colours are those of app/tokens.css,
 * and it follows the theme that was chosen (next-themes keeps it under this name).
 */

const STYLE = `:root{color-scheme:light dark}[data-theme=light]{color-scheme:light}[data-theme=dark]{color-scheme:dark}
body{margin:0;background:light-dark(oklch(.984 .004 85),oklch(.178 .006 65));color:light-dark(oklch(.225 .012 60),oklch(.935 .008 85));font:1rem/1.6 system-ui,sans-serif}
main{max-width:40rem;margin:0 auto;padding:5rem 1.5rem}
h1{font:400 2.25rem/1.2 Georgia,serif;margin:0 0 1.25rem}h1::first-letter{color:light-dark(oklch(.525 .19 29),oklch(.725 .155 33))}
p{margin:0 0 1rem;color:light-dark(oklch(.405 .014 60),oklch(.8 .012 80))}
a{color:light-dark(oklch(.455 .125 258),oklch(.775 .09 255))}`

/** Asks whether the server is ready, and loads the page again once it is. */
const SCRIPT = `try{
  const theme=localStorage.getItem('incipit-theme')
  if(theme==='light'||theme==='dark')document.documentElement.dataset.theme=theme
}catch{}
const wait=1000*Number(document.documentElement.dataset.retry)
const look=async()=>{
  const ready=await fetch('/health/ready',{cache:'no-store'}).then((answer)=>answer.ok,()=>false)
  if(ready)location.reload()
  else setTimeout(look,wait)
}
setTimeout(look,wait)`

/** Nothing runs or is drawn but what stands here. */
const POLICY = [
  "default-src 'none'",
  `script-src '${hashOf(SCRIPT)}'`,
  `style-src '${hashOf(STYLE)}'`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

/**
 * The page that is shown while pages cannot be made: it loads itself again as soon as they can.
 * @param reason a sentence for people, as an error carries it
 * @param retryAfter seconds between its questions
 */
export function waitingPage(reason: string, retryAfter: number): { html: string; policy: string } {
  const html = `<!doctype html>
<html lang="en" data-retry="${retryAfter}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>One moment · Incipit</title>
<style>${STYLE}</style>
<noscript><meta http-equiv="refresh" content="${retryAfter + 3}"></noscript>
</head>
<body>
<main>
<h1>One moment</h1>
<p role="status">${escapeHtml(reason)}</p>
<p>Nothing that was saved is lost. This page comes back by itself as soon as it can be shown. <a href="">Try again now</a></p>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`
  return { html, policy: POLICY }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
