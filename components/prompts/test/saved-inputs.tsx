'use client'

import { Bookmark, Pencil, Save, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useGuard } from '#components/access/person.tsx'
import { Button } from '#components/ui/button.tsx'
import { Menu, MenuItem, MenuSection, MenuSeparator } from '#components/ui/overlays/menu.tsx'
import type { Variable } from '#lib/liquid/variable.ts'
import type { PromptExample } from '#lib/prompts/example-schema.ts'
import { ExampleName } from './example-name.tsx'
import { type FormValues, formOf, sameValues, typedValues } from './form-values.ts'
import { useExamples } from './use-examples.ts'

interface SavedInputsProps {
  prompt: string
  variables: readonly Variable[]
  values: FormValues
  /** Puts saved values into the form, in place of those that are there. */
  onLoad: (values: FormValues, message: string) => void
}

/** Inputs that are saved with the prompt: load one, save the form's values, rename, delete. */
export function SavedInputs({ prompt, variables, values, onLoad }: SavedInputsProps) {
  const { examples, error, isPending, change } = useExamples(prompt)
  const guard = useGuard()
  const [loadedId, setLoadedId] = useState<string>()
  const [naming, setNaming] = useState<'new' | 'rename'>()
  const loaded = examples.find(({ id }) => id === loadedId)
  const isChanged = loaded !== undefined && !sameValues(variables, formOf(loaded.values), values)
  const typed = () => typedValues(variables, values)

  const load = (example: PromptExample) => {
    onLoad(formOf(example.values), `“${example.name}” loaded`)
    setLoadedId(example.id)
  }
  const act = (key: string) => {
    const example = examples.find(({ id }) => `load:${id}` === key)
    if (example) load(example)
    else guard('prompts:write', () => write(key))()
  }
  const write = (key: string) => {
    if (key === 'new' || key === 'rename') setNaming(key)
    else if (loaded && key === 'overwrite') void change({ do: 'overwrite', example: loaded, values: typed() })
    else if (loaded && key === 'delete') void change({ do: 'delete', example: loaded })
  }
  const save = async (name: string) => {
    setNaming(undefined)
    if (naming === 'rename' && loaded) await change({ do: 'rename', example: loaded, name })
    else setLoadedId((await change({ do: 'create', name, values: typed() }))?.id ?? loadedId)
  }
  const isEmpty = !variables.some(({ name }) => values[name])
  return (
    <>
      <SavedInputsMenu
        examples={examples}
        loaded={loaded}
        isEmpty={isEmpty}
        isChanged={isChanged}
        nothing={isPending ? 'Loading' : error ? error.message : 'Nothing is saved yet'}
        onAction={act}
      />
      <ExampleName
        key={naming}
        purpose={naming}
        initial={naming === 'rename' ? (loaded?.name ?? '') : ''}
        taken={examples.filter((example) => example !== loaded || naming === 'new').map(({ name }) => name)}
        onCancel={() => setNaming(undefined)}
        onSubmit={(name) => void save(name)}
      />
    </>
  )
}

function SavedInputsMenu({
  examples,
  loaded,
  isEmpty,
  isChanged,
  nothing,
  onAction,
}: {
  examples: readonly PromptExample[]
  loaded: PromptExample | undefined
  /** Whether the form has no value to save. */
  isEmpty: boolean
  /** Whether the form differs from the loaded inputs. */
  isChanged: boolean
  /** Shown in place of an empty list. */
  nothing: string
  onAction: (key: string) => void
}) {
  return (
    <Menu
      aria-label="Saved inputs"
      onAction={(key) => onAction(String(key))}
      disabledKeys={['none', ...(isEmpty ? ['new'] : []), ...(isChanged ? [] : ['overwrite'])]}
      trigger={
        <Button look="outline" className="max-w-48">
          <Bookmark aria-hidden="true" />
          <span className="truncate">{loaded ? loaded.name : 'Saved inputs'}</span>
          {isChanged && <span title="changed since it was loaded">*</span>}
        </Button>
      }
    >
      <MenuSection aria-label="Load">
        {examples.map(({ id, name }) => (
          <MenuItem key={id} id={`load:${id}`} textValue={name}>
            <span className="max-w-64 truncate">{name}</span>
            {id === loaded?.id && <span className="ml-auto text-ink-faint text-xs">loaded</span>}
          </MenuItem>
        ))}
        {examples.length === 0 && (
          <MenuItem id="none" textValue="None">
            {nothing}
          </MenuItem>
        )}
      </MenuSection>
      <MenuSeparator />
      <MenuSection aria-label="Change">
        <MenuItem id="new" textValue="Save as">
          <Save aria-hidden="true" />
          Save as …
        </MenuItem>
        {loaded && itemsOf(loaded)}
      </MenuSection>
    </Menu>
  )
}

function itemsOf({ name }: PromptExample) {
  return (
    <>
      <MenuItem id="overwrite" textValue={`Overwrite ${name}`}>
        <Save aria-hidden="true" />
        <span className="max-w-64 truncate">Overwrite “{name}”</span>
      </MenuItem>
      <MenuItem id="rename" textValue="Rename">
        <Pencil aria-hidden="true" />
        Rename …
      </MenuItem>
      <MenuItem id="delete" textValue="Delete">
        <Trash2 aria-hidden="true" />
        Delete
      </MenuItem>
    </>
  )
}
