"""The proof that nothing names an old path any more. It has its own rules, so that it finds mistakes of the rewriting.

It shares with the rewriting only how facts are read (the bytes of files, the modules, the working folders of images)
and what may stay by the documents (history, the plan's own allowances): two different answers there would be a
contradiction.
"""
