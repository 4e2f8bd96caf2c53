/** An event whose default can be prevented, as Electron hands them to listeners. */
export type Cancelable<P extends object = object> = P & {
  readonly defaultPrevented: boolean;
  preventDefault(): void;
};

export function cancelable<P extends object>(params: P): Cancelable<P> {
  let prevented = false;
  const event = {
    get defaultPrevented() {
      return prevented;
    },
    preventDefault() {
      prevented = true;
    },
  };
  return Object.defineProperties(event, Object.getOwnPropertyDescriptors(params)) as Cancelable<P>;
}
