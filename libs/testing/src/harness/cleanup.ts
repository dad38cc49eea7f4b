type Task = () => unknown;

const tasks: Task[] = [];

/** Runs everything that helpers left to be tidied up, newest first. Jest calls it after each spec file; scripts call it themselves. */
export async function tidyUp(): Promise<void> {
  const errors: unknown[] = [];
  for (let task = tasks.pop(); task; task = tasks.pop()) {
    try {
      await task();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'a test left something behind');
}

/** Leaves something to be tidied up when the spec file is over. */
export function onFileEnd(task: Task): void {
  tasks.push(task);
}
