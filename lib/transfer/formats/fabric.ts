import type { ReadItem, SourceFile, SourceFormat } from '../source.ts'
import type { SourceText } from './reading/content.ts'
import { below, textsByPath } from './reading/each-file.ts'
import { textOf } from './reading/file-text.ts'
import { guessLanguage } from './reading/guess-language.ts'
import { partsOf } from './reading/paths.ts'
import { promptItem, refused } from './reading/prompt-item.ts'

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
    return files.filter(({ path }) => /system\.md$/i.test(path)).map((file) => readPattern(file, texts))
  },
}

function folderOf(path: string): string {
  return partsOf(path).folders.join('/')
}

function readPattern(file: SourceFile, texts: ReadonlyMap<string, string>): ReadItem {
  const { path } = file
  const name = partsOf(path).folders.at(-1) ?? path
  const found = textOf(file)
  if ('fault' in found) return refused({ path }, name, [{ line: 1, message: found.fault }])
  const system = placed(texts.get(path) ?? '')
  const user = texts.get(path.replace(/system\.md$/i, 'user.md'))?.trim() ?? ''
  const userText = placed(user)
  return promptItem({
    origin: { path },
    name,
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
