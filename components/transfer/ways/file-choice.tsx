'use client'

import { FolderOpen, Upload } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import type { FoundFile } from '../brought/brought.ts'
import { filesOfInput } from '../brought/read-drop.ts'

/** A folder is chosen as one; the attribute is the same in every browser, and in no standard. */
const OF_A_FOLDER = { webkitdirectory: '' }

/** The buttons that open the browser's own choice of files, and of a folder. */
export function FileChoice({
  isMain = false,
  onFound,
}: {
  /** It is the main action of the page. */
  isMain?: boolean
  onFound: (found: FoundFile[]) => void
}) {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const take = (input: HTMLInputElement) => {
    onFound(filesOfInput(input.files ?? []))
    // The same files can be chosen again.
    input.value = ''
  }
  return (
    <>
      <Button look={isMain ? 'primary' : 'outline'} onPress={() => files.current?.click()}>
        <Upload aria-hidden="true" />
        {isMain ? 'Choose files' : 'Add files'}
      </Button>
      <Button look="outline" onPress={() => folder.current?.click()}>
        <FolderOpen aria-hidden="true" />
        {isMain ? 'Choose a folder' : 'Add a folder'}
      </Button>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        data-choice="files"
        onChange={({ currentTarget }) => take(currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        data-choice="folder"
        {...OF_A_FOLDER}
        onChange={({ currentTarget }) => take(currentTarget)}
      />
    </>
  )
}
