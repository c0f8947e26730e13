declare module 'virtual:catalog' {
  const catalog: readonly {
    readonly name: string;
    readonly folder: string;
    readonly family: string;
    readonly bytes: number;
    readonly ciderD?: number;
    readonly relativeTime?: number;
    readonly files: readonly string[];
  }[];
  export default catalog;
}
