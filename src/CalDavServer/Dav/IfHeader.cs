using CalDavServer.Dav.Resources;
using Calendaring.Store;

namespace CalDavServer.Dav;

/// <summary>
/// The If header (RFC 4918 §10.4): lists of conditions, of which one must hold. There are no locks, so a state token holds only when it is the sync token of the collection it is
/// asked of (RFC 6578 §5).
/// </summary>
internal static class IfHeader
{
    private const int MaxLists = 100;

    /// <summary>400 when it cannot be read, 412 when no list holds.</summary>
    public static async ValueTask<DavError?> CheckAsync(string header, DavRequest request, DavResource? resource)
    {
        if (!TryParse(header, out var lists)) return DavError.BadRequest("The If header cannot be read.");
        foreach (var list in lists)
        {
            var subject = list.Tag is null ? resource : await FindAsync(list.Tag, request, resource);
            if (Holds(list, subject, request)) return null;
        }

        return DavError.PreconditionFailed("If: no list of conditions holds.");
    }

    private static async ValueTask<DavResource?> FindAsync(string tag, DavRequest request, DavResource? resource)
    {
        if (!DavPath.TryParse(RequestTarget.PathOf(tag), out var path)) return null;
        return path == request.Path ? resource : await ResourceResolver.ResolveAsync(path, request.Caller, request.Snapshot);
    }

    private static bool Holds(ConditionList list, DavResource? subject, DavRequest request)
    {
        foreach (var condition in list.Conditions)
        {
            var matches = condition.IsETag
                ? ETag.Matches(condition.Value, (subject as CalendarObjectResource)?.ETag)
                : IsToken(condition.Value, subject, request);
            if (matches == condition.Not) return false;
        }

        return true;
    }

    // what is asked of a collection is asked again where it is written: nothing may come between
    private static bool IsToken(string text, DavResource? subject, DavRequest request)
    {
        var level = request.Caller.Level;
        switch (subject)
        {
            case CalendarResource { Collection: var collection } when text == SyncToken.Of(collection, level):
                request.Expected.Add(new ExpectCollection(collection.Id, collection.Change));
                return true;
            case HomeResource home when text == SyncToken.Of(home.State, level):
                request.Expected.Add(new ExpectHome(home.Principal.Id, home.State.Change));
                return true;
            default:
                return false;
        }
    }

    // If = 1*No-tag-list | 1*Tagged-list: a tag is followed by a list, and either all lists are tagged or none
    private static bool TryParse(string header, out List<ConditionList> lists)
    {
        lists = [];
        var rest = header.AsSpan().Trim();
        string? tag = null;
        var needsList = true;
        while (rest.Length > 0)
        {
            if (rest[0] == '<')
            {
                if ((needsList && tag is not null) || (lists.Count > 0 && tag is null) || !TryTake(ref rest, '>', out tag)) return false;
                needsList = true;
            }
            else if (rest[0] != '(' || lists.Count == MaxLists || !TryParseList(ref rest, tag, lists))
            {
                return false;
            }
            else
            {
                needsList = false;
            }

            rest = rest.TrimStart();
        }

        return !needsList;
    }

    private static bool TryParseList(ref ReadOnlySpan<char> rest, string? tag, List<ConditionList> lists)
    {
        var conditions = new List<Condition>();
        rest = rest[1..].TrimStart();
        while (rest.Length > 0 && rest[0] != ')')
        {
            var not = rest.StartsWith("Not", StringComparison.OrdinalIgnoreCase);
            if (not) rest = rest[3..].TrimStart();
            if (rest.Length == 0) return false;
            var isETag = rest[0] == '[';
            if (rest[0] is not ('<' or '[') || !TryTake(ref rest, isETag ? ']' : '>', out var value)) return false;
            if (isETag ? !ETag.IsList(value) : !IsUri(value)) return false;
            conditions.Add(new Condition(not, isETag, value));
            rest = rest.TrimStart();
        }

        if (rest.Length == 0 || conditions.Count == 0) return false;
        rest = rest[1..];
        lists.Add(new ConditionList(tag, conditions));
        return true;
    }

    private static bool IsUri(string value) => value.IndexOf(':', StringComparison.Ordinal) > 0 && !value.AsSpan().ContainsAny(" \t<\"");

    private static bool TryTake(ref ReadOnlySpan<char> rest, char close, out string inside)
    {
        var end = rest.IndexOf(close);
        inside = end < 0 ? "" : rest[1..end].ToString();
        if (inside.Length == 0) return false;
        rest = rest[(end + 1)..];
        return true;
    }

    private sealed record ConditionList(string? Tag, List<Condition> Conditions);

    private readonly record struct Condition(bool Not, bool IsETag, string Value);
}
