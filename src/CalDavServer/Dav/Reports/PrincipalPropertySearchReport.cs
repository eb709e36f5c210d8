using System.Xml.Linq;
using CalDavServer.Dav.Filters;
using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Store;

namespace CalDavServer.Dav.Reports;

/// <summary>DAV:principal-property-search (RFC 3744 §9.4): among the principals that the caller may know of, those of its practice group.</summary>
internal sealed class PrincipalPropertySearchReport : IReport
{
    private static readonly XNamespace D = DavNames.Dav;

    public PropertyName Name => DavNames.D("principal-property-search");

    public bool AppliesTo(DavResource resource) => resource.IsCollection;

    public async ValueTask<DavError?> InvokeAsync(DavRequest request, DavResource resource, XElement body, Depth depth)
    {
        if (depth != Depth.Zero) return DavError.BadRequest("A principal-property-search has Depth 0.");
        if (RequestedProperties.TryParseReport(body, out var requested) is { } wrong) return wrong;
        if (TryParse(body, out var searches) is { } bad) return bad;
        // several searches must all match, unless the client says that one is enough (an extension that Apple's clients use)
        var anyOf = body.Attribute("test")?.Value == "anyof";
        var inScope = body.Element(D + "apply-to-principal-collection-set") is not null
            || resource.Path.Kind is DavPathKind.Root or DavPathKind.DavRoot or DavPathKind.Principals;

        using var output = new MultistatusWriter(request);
        output.Start();
        foreach (var principal in inScope ? await ResourceResolver.ListKnownAsync(request.Caller, request.Snapshot) : [])
        {
            request.Cancelled.ThrowIfCancellationRequested();
            if (ResourceResolver.OfPrincipal(principal, request.Caller) is not { } found || !Matches(principal, searches, anyOf)) continue;
            await PropertyWriter.WriteResponseAsync(request, output, found, requested);
            await output.DrainAsync();
        }

        await output.EndAsync();
        return null;
    }

    private static bool Matches(Principal principal, List<Search> searches, bool anyOf)
    {
        foreach (var search in searches)
        {
            var all = true;
            foreach (var property in search.Properties) all &= PrincipalSearch.Matches(principal, property, search.Text);
            if (all == anyOf) return anyOf;
        }

        return !anyOf;
    }

    private static DavError? TryParse(XElement body, out List<Search> searches)
    {
        searches = [];
        foreach (var element in body.Elements(D + "property-search"))
        {
            var properties = element.Element(D + "prop")?.Elements().Select(static child => new PropertyName(child.Name.NamespaceName, child.Name.LocalName)).ToList();
            if (properties is not { Count: > 0 } || element.Element(D + "match") is not { } match) return DavError.BadRequest("A property-search has a prop and a match.");
            if (match.Value.Length > TextMatch.MaxText || searches.Count == DavLimits.FilterConditions || properties.Count > DavLimits.FilterConditions)
                return DavError.BadRequest($"A principal-property-search has at most {DavLimits.FilterConditions} searches of {TextMatch.MaxText} characters.");
            var type = match.Attribute("match-type")?.Value switch
            {
                "equals" or "exact" => TextMatchType.Equals,
                "starts-with" => TextMatchType.StartsWith,
                "ends-with" => TextMatchType.EndsWith,
                _ => TextMatchType.Contains,
            };
            searches.Add(new Search(properties, new TextMatch(match.Value, Collation.Find("i;unicode-casemap")!, type, false)));
        }

        return searches.Count == 0 ? DavError.BadRequest("A principal-property-search has a property-search.") : null;
    }

    private sealed record Search(IReadOnlyList<PropertyName> Properties, TextMatch Text);
}
