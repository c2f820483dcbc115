import type { ReadItem, SourceFile, SourceFormat } from '../source.ts'
import type { SourceText } from './reading/content.ts'
import { below, eachText, textsByPath } from './reading/each-file.ts'
import { guessLanguage } from './reading/guess-language.ts'
import { partsOf } from './reading/paths.ts'
import { promptItem } from './reading/prompt-item.ts'

const PATTERN = /(?:^|\/)[^/]+\/(system|user)\.md$/i

/** Patterns of fabric: a folder with system.md, and user.md where it has words of the user. */
export const fabric: SourceFormat = {
  id: 'fabric',
  title: 'fabric patterns',
  claim(files) {
    const folders = new Set(
      files.flatMap(({ path }) =>
        /(?:^|\/)system\.md$/i.test(path) && PATTERN.test(path) ? [folderOf(path)] : [],
      ),
    )
    return files.filter(
      ({ path }) => folders.has(folderOf(path)) && (PATTERN.test(path) || /README\.md$/i.test(path)),
    )
  },
  read(files) {
    const texts = textsByPath(files)
    const systems = files.filter(({ path }) => /system\.md$/i.test(path))
    // One of which half is no text is none.
    const broken = new Map(
      eachText(
        files.filter(({ path }) => PATTERN.test(path)),
        () => [],
      ).map((item) => [folderOf(item.origin.path), item] as const),
    )
    return systems.map((file) => {
      const fault = broken.get(folderOf(file.path))
      return fault === undefined ? readPattern(file, texts) : { ...fault, name: nameOf(file) }
    })
  },
}

function folderOf(path: string): string {
  return partsOf(path).folders.join('/')
}

const nameOf = ({ path }: SourceFile) => partsOf(path).folders.at(-1) ?? path

function readPattern(file: SourceFile, texts: ReadonlyMap<string, string>): ReadItem {
  const { path } = file
  const system = placed(texts.get(path) ?? '')
  const user = texts.get(path.replace(/system\.md$/i, 'user.md'))?.trim() ?? ''
  const userText = placed(user)
  return promptItem({
    origin: { path },
    name: nameOf(file),
    versions: [
      {
        content:
          user === ''
            ? { text: system }
            : {
                messages: [
                  { role: 'system', content: system },
                  { role: 'user', content: { ...userText, line: () => undefined } },
                ],
              },
      },
    ],
  })
}

/** Fabric puts values in the place of names in double braces; examples of templates stay as they are. */
function placed(text: string): SourceText {
  const { language } = guessLanguage(text)
  return { text, language: language === 'double-braces' ? language : 'none', isGuess: true, line: below(0) }
}
