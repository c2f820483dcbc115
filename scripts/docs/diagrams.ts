import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { renderMermaidSVG } from 'beautiful-mermaid'
import { diagramFile } from '../site/diagrams.ts'
import { readSources } from '../site/sources.ts'

// Draws the Mermaid diagrams of the documents for the site, where no script draws any.

/** The pictures of every diagram by their files. */
export function drawDiagrams(): Map<string, string> {
  return new Map(
    readSources().flatMap(({ file, text }) =>
      [...text.matchAll(/^```mermaid\n([^]*?)^```$/gm)].map(
        ([, code = ''], index) => [diagramFile(file, index + 1), draw(code)] as const,
      ),
    ),
  )
}

/** Colours and fonts are those of the site's style sheet: a policy without inline styles allows no others. */
function draw(code: string): string {
  const svg = renderMermaidSVG(code)
  return `${svg
    .replace(/<style>[^]*?<\/style>\n?/, '')
    .replace(
      /^<svg ([^>]*?) style="[^"]*"/,
      `<svg $1 class="diagram" role="img" aria-label="${inWords(svg)}"`,
    )
    .trim()}\n`
}

/** What leads to what, for who does not see the picture. */
function inWords(svg: string): string {
  const labels = new Map(
    [...svg.matchAll(/data-id="([^"]*)" data-label="([^"]*)"/g)].map(([, id = '', label = '']) => [
      id,
      label.replaceAll(/&lt;br\s*\/?&gt;|\s+/g, ' '),
    ]),
  )
  const arrows = [...svg.matchAll(/data-from="([^"]*)" data-to="([^"]*)"/g)]
  return arrows.map(([, from = '', to = '']) => `${labels.get(from)} to ${labels.get(to)}`).join('; ')
}

if (import.meta.main)
  for (const [file, svg] of drawDiagrams()) {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, svg)
  }
