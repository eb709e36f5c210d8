using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Rfc6578;

/// <summary>
/// A client that knows WebDAV only: it keeps href, ETag and bytes of all objects of a home, and learns of changes by sync-collection and multiget. Either it syncs the home at level infinite,
/// or at level 1 and then the calendars told.
/// </summary>
internal sealed class ReferenceClient(string name, bool infinite, Random random)
{
    private const int MostPages = 1_000;
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Href, string ETag), string> _versions = [];

    /// <summary>What it knows: ETag and bytes by href.</summary>
    public Dictionary<string, (string ETag, string Text)> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>The calendars it knows.</summary>
    public HashSet<string> Calendars { get; } = new(StringComparer.Ordinal);

    /// <summary>The connection; another one after the server has been restarted.</summary>
    public DavClient Connection { get; set; } = null!;

    /// <summary>Tokens that were refused.</summary>
    public int Refusals { get; private set; }

    /// <summary>Tokens that were asked with.</summary>
    public int Resumptions { get; private set; }

    /// <summary>Answers that were not the whole.</summary>
    public int Truncations { get; private set; }

    /// <summary>Syncs once.</summary>
    /// <param name="between">What happens between two requests; nothing when null.</param>
    public async Task SyncAsync(Func<Task>? between = null)
    {
        var told = await SyncAsync(Connection.Home, infinite, between);
        if (!infinite)
        {
            foreach (var calendar in told.Where(href => href.EndsWith('/') && !IsBox(href)).ToList())
                told.UnionWith(await SyncAsync(calendar, false, between));
        }

        foreach (var group in told.Where(href => !href.EndsWith('/')).GroupBy(href => href[..(href.LastIndexOf('/') + 1)])) await FetchAsync(group.Key, [.. group]);
    }

    // hrefs told as changed
    private async Task<HashSet<string>> SyncAsync(string path, bool deep, Func<Task>? between)
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        var token = _tokens.GetValueOrDefault(path, "");
        var fresh = token.Length == 0;
        for (var page = 0; ; page++)
        {
            Assert.True(page < MostPages, "The pages do not end.");
            var answer = await SyncAnswer.AskAsync(Connection, path, token, deep, random.Next(3) == 0 ? null : random.Next(1, 8));
            if (answer.Answer.Status == 404) return Gone(path);
            if (token.Length > 0) Resumptions++;
            if (answer.IsRefused)
            {
                Assert.NotEqual("", token);
                Refusals++;
                token = "";
                fresh = true;
                changed.Clear();
                continue;
            }

            foreach (var entry in answer.Entries) Take(path + entry.TrimStart('+', '-'), entry[0], changed);
            token = answer.Token;
            if (!answer.Truncated) break;
            Truncations++;
            if (between is not null) await between();
        }

        // a first sync tells all there is: the rest is no more
        if (fresh) Keep(path, deep, changed);
        _tokens[path] = token;
        return changed;
    }

    private void Take(string href, char sign, HashSet<string> changed)
    {
        switch (sign)
        {
            case '-':
                changed.RemoveWhere(known => known.StartsWith(href, StringComparison.Ordinal));
                Gone(href);
                break;
            case '+':
                changed.Add(href);
                if (href.EndsWith('/') && !IsBox(href)) Calendars.Add(href);
                break;
        }
    }

    private HashSet<string> Gone(string href)
    {
        foreach (var known in Objects.Keys.Where(known => known == href || (href.EndsWith('/') && known.StartsWith(href, StringComparison.Ordinal))).ToList()) Objects.Remove(known);
        Calendars.Remove(href);
        if (href.EndsWith('/')) _tokens.Remove(href);
        return [];
    }

    private void Keep(string path, bool deep, HashSet<string> listed)
    {
        if (path == Connection.Home)
        {
            foreach (var calendar in Calendars.Except(listed).ToList()) Gone(calendar);
            if (!deep) return;
        }

        foreach (var known in Objects.Keys.Where(known => known.StartsWith(path, StringComparison.Ordinal) && !listed.Contains(known)).ToList()) Objects.Remove(known);
    }

    private async Task FetchAsync(string calendar, IReadOnlyList<string> hrefs)
    {
        var body = new XElement(
            Xml.C + "calendar-multiget", new XElement(Xml.D + "prop", new XElement(Xml.D + "getetag"), new XElement(Xml.C + "calendar-data")), hrefs.Select(href => new XElement(Xml.D + "href", href)));
        var answer = await Connection.SendAsync("REPORT", calendar, body.ToString(), ("Depth", "1"));
        if (answer.Status == 404) return;
        foreach (var href in hrefs)
        {
            // gone since: the next sync says so
            if (answer.PropertyStatus(Xml.D + "getetag", href) == 0) continue;
            var etag = answer.Property(Xml.D + "getetag", href)!.Value;
            var text = answer.Property(Xml.C + "calendar-data", href)!.Value.ReplaceLineEndings("\n");
            var known = _versions.TryAdd((href, etag), text) ? text : _versions[(href, etag)];
            Assert.True(known == text, $"{name}: one ETag of {href} was two texts.");
            Objects[href] = (etag, text);
        }
    }

    private static bool IsBox(string href) => href.EndsWith("/inbox/", StringComparison.Ordinal) || href.EndsWith("/outbox/", StringComparison.Ordinal);

    /// <summary>Compares what it knows with what can be listed and read now.</summary>
    public async Task CheckAsync()
    {
        var home = await Connection.PropFindAsync(Connection.Home, "1", Xml.D + "resourcetype");
        var calendars = home.Hrefs.Where(href => href != Connection.Home && !IsBox(href)).ToList();
        Assert.Equal(calendars.Order(StringComparer.Ordinal), Calendars.Order(StringComparer.Ordinal));
        var truth = new Dictionary<string, (string ETag, string Text)>(StringComparer.Ordinal);
        foreach (var calendar in calendars)
        {
            var members = await Connection.PropFindAsync(calendar, "1", Xml.D + "getetag");
            foreach (var href in members.Hrefs.Where(href => href != calendar))
            {
                var read = await Connection.GetAsync(href);
                Assert.Equal(members.Property(Xml.D + "getetag", href)!.Value, read.Header("ETag"));
                truth[href] = (read.Header("ETag")!, read.Text.ReplaceLineEndings("\n"));
            }
        }

        Assert.Equal(truth.OrderBy(pair => pair.Key, StringComparer.Ordinal), Objects.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }
}
