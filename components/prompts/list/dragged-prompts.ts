import type { DragEvent } from 'react'

/** Rows that are dragged onto something at the side. The menus and keys do the same without a pointer. */

const TYPE = 'application/x-incipit-prompts'

/** Takes names along, with their number beside the pointer. */
export function startDrag(event: DragEvent, names: readonly string[], image: string): void {
  event.dataTransfer.setData(TYPE, JSON.stringify(names))
  event.dataTransfer.effectAllowed = 'move'
  const card = document.createElement('div')
  card.className = 'fixed -top-40 left-0 rounded-md bg-fill px-3 py-1.5 font-medium text-on-fill text-sm'
  card.textContent = image
  document.body.append(card)
  event.dataTransfer.setDragImage(card, 12, 12)
  setTimeout(() => card.remove())
}

/** Props of a drop target for prompts. While they hover it carries `data-drop-target`. */
export function dropTarget(onDrop: ((names: string[]) => void) | undefined) {
  if (!onDrop) return {}
  const mark = (event: DragEvent<HTMLElement>, isOver: boolean) =>
    event.currentTarget.toggleAttribute('data-drop-target', isOver)
  const carries = (event: DragEvent) => event.dataTransfer.types.includes(TYPE)
  return {
    onDragOver: (event: DragEvent<HTMLElement>) => {
      if (!carries(event)) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'move'
      mark(event, true)
    },
    onDragLeave: (event: DragEvent<HTMLElement>) => mark(event, false),
    onDrop: (event: DragEvent<HTMLElement>) => {
      if (!carries(event)) return
      event.preventDefault()
      mark(event, false)
      onDrop(namesOf(event.dataTransfer.getData(TYPE)))
    },
  }
}

function namesOf(text: string): string[] {
  const names: unknown = JSON.parse(text)
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
}
