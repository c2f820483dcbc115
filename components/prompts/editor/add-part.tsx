'use client'

import { ImagePlus, Link2, Plus, Type } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Menu, MenuItem } from '#components/ui/overlays/menu.tsx'
import { showFailure } from '#components/ui/toast.ts'
import type { ContentPart } from '#lib/prompts/content/content.ts'
import { linkedPicture, PICTURE_TYPES, pictureFrom, picturesAmong } from './added-parts.ts'

type Add = (parts: readonly ContentPart[]) => void

/** Adds a text, a picture, or a picture by its address to a message. */
export function AddPart({ name, isLiteral, onAdd }: { name: string; isLiteral: boolean; onAdd: Add }) {
  const file = useRef<HTMLInputElement>(null)
  return (
    <>
      <Menu
        aria-label={`Add to ${name}`}
        onAction={(key) => {
          if (key === 'picture') file.current?.click()
          else onAdd([key === 'text' ? { type: 'text', text: '' } : linkedPicture(isLiteral)])
        }}
        trigger={
          <Button look="quiet" square aria-label={`Add to ${name}`}>
            <Plus aria-hidden="true" />
          </Button>
        }
      >
        <MenuItem id="picture" textValue="Picture">
          <ImagePlus aria-hidden="true" />
          Picture …
        </MenuItem>
        <MenuItem id="link" textValue="Picture by its address">
          <Link2 aria-hidden="true" />
          Picture by its address
        </MenuItem>
        <MenuItem id="text" textValue="Text">
          <Type aria-hidden="true" />
          Text
        </MenuItem>
      </Menu>
      <input
        ref={file}
        type="file"
        hidden
        multiple
        accept={PICTURE_TYPES.join(',')}
        aria-label={`Pictures for ${name}`}
        onChange={(event) => {
          void addPictures(event.target.files ?? [], onAdd)
          event.target.value = ''
        }}
      />
    </>
  )
}

/** Takes pictures that are pasted into its children, or dropped on them, before a text field gets the event. */
export function PictureTarget({ onAdd, children }: { onAdd: Add; children: ReactNode }) {
  return (
    <div
      role="presentation"
      onPasteCapture={(event) => {
        // Programs that copy a text often add a picture of it.
        const { files, types } = event.clipboardData
        if (types.includes('text/plain') || picturesAmong(files).length === 0) return
        event.preventDefault()
        event.stopPropagation()
        void addPictures(files, onAdd)
      }}
      onDragOverCapture={(event) => {
        if (event.dataTransfer.types.includes('Files')) event.preventDefault()
      }}
      onDropCapture={(event) => {
        if (picturesAmong(event.dataTransfer.files).length === 0) return
        event.preventDefault()
        event.stopPropagation()
        void addPictures(event.dataTransfer.files, onAdd)
      }}
    >
      {children}
    </div>
  )
}

async function addPictures(files: Iterable<File>, onAdd: Add): Promise<void> {
  try {
    onAdd(await Promise.all(picturesAmong(files).map(pictureFrom)))
  } catch (error) {
    showFailure('The picture could not be read.', error, { key: 'picture' })
  }
}
