"""Whether what a model made of a text item is right, and whether it is well formed."""
import jsons
import tools
import unknown

CALLS = ("call", "call-other")
REFUSALS = {unknown.REFUSAL, unknown.ENGLISH, tools.ONLY_SUMS, tools.NO_CLOCK}


def _spaceless(arguments):
    return {key: it.replace(" ", "") if isinstance(it, str) else it for key, it in arguments.items()}


def right(item, output):
    """True when the answer is the one that was to be learnt: refusals among each other count as one."""
    if item.kind in CALLS:
        wanted = [(call["function"]["name"], _spaceless(call["function"]["arguments"])) for call in item.answer["tool_calls"]]
        return valid(item, output) and [(name, _spaceless(arguments)) for name, arguments in output.calls] == wanted
    if output.malformed or output.calls:
        return False
    if item.kind == "json":
        return jsons.right(item, output)
    if item.kind in ("unknown", "no-tool"):
        return output.text.strip() in REFUSALS
    return output.text.strip() == item.answer["content"]


def valid(item, output):
    """True when the output is well formed: JSON an object, a call taken apart without fault."""
    if item.kind == "json":
        return jsons.valid(item, output)
    if item.kind in CALLS:
        return not output.malformed and len(output.calls) > 0
    return not output.malformed
