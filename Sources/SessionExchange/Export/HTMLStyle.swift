/// How an exported page looks, in light and in dark.
enum HTMLStyle {
    static let text = """
        :root { color-scheme: light dark; --ink: #1c1c1e; --page: #ffffff; --faint: #5f6368;
          --rule: #d9d9de; --you: #eef3fb; --code: #f5f5f7; --link: #0b57d0; --keyword: #7b2cbf;
          --string: #1a6e3c; --number: #9a4a00; --comment: #5f6368; --type: #00658a; --removed: #b3261e; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6e6ea; --page: #18181b; --faint: #a1a1aa; --rule: #3f3f46; --you: #23262e;
            --code: #232326; --link: #8ab4f8; --keyword: #c9a4ff; --string: #8fd6a5; --number: #f2b377;
            --comment: #a1a1aa; --type: #7cc8e8; --removed: #f2a19b; } }
        body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink);
          background: var(--page); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: break-word; }
        h1 { font-size: 1.4rem; } h2 { font-size: .85rem; color: var(--faint); margin: 0 0 .4rem; }
        section { padding: .9rem 0; border-top: 1px solid var(--rule); }
        section.user .plain { background: var(--you); padding: .7rem .9rem; border-radius: .5rem; }
        .plain { white-space: pre-wrap; } .faint, .tool { color: var(--faint); font-size: .9rem; }
        details { margin: .4rem 0 .8rem; color: var(--faint); } summary { cursor: pointer; }
        details .plain { border-left: 3px solid var(--rule); margin-top: .4rem; padding-left: .8rem; }
        pre { background: var(--code); padding: .8rem; overflow-x: auto; border-radius: .5rem; }
        code { font: .9em/1.45 ui-monospace, monospace; } :not(pre) > code { background: var(--code);
          padding: .1em .3em; border-radius: .25em; } a { color: var(--link); }
        blockquote { margin: .6rem 0; padding-left: .8rem; border-left: 3px solid var(--rule); }
        table { border-collapse: collapse; display: block; overflow-x: auto; }
        th, td { border: 1px solid var(--rule); padding: .3rem .6rem; text-align: left; }
        .center { text-align: center; } .right { text-align: right; }
        .math { display: block; white-space: pre; font-family: ui-monospace, monospace; }
        figure { margin: .6rem 0; } img, video { max-width: 100%; height: auto; }
        figcaption { color: var(--faint); font-size: .85rem; }
        .keyword { color: var(--keyword); } .string, .added { color: var(--string); }
        .number { color: var(--number); } .comment { color: var(--comment); font-style: italic; }
        .type, .function { color: var(--type); } .removed { color: var(--removed); }
        """
}
