using CalDavServer.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace CalDavServer.Tests.Web;

/// <summary>Everything that the pages take by POST: <c>/settings/sync TakeOver</c> is a handler with a name.</summary>
internal sealed class PostHandlers
{
    private readonly List<(TemplateMatcher Matcher, RouteTemplate Route, HashSet<string> Names)> _pages = [];

    private PostHandlers()
    {
    }

    public IEnumerable<string> All => _pages.SelectMany(page => page.Names.Select(name => Name(page.Route, name)));

    public static async Task<PostHandlers> OfAsync(TestServer server)
    {
        var found = new PostHandlers();
        var loader = server.Services.GetRequiredService<PageLoader>();
        foreach (var page in server.Services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.OfType<PageActionDescriptor>())
        {
            var handlers = (await loader.LoadAsync(page, EndpointMetadataCollection.Empty)).HandlerMethods.Where(handler => handler.HttpMethod == "Post");
            var route = TemplateParser.Parse(page.AttributeRouteInfo!.Template!);
            HashSet<string> names = new(handlers.Select(handler => handler.Name ?? ""), StringComparer.OrdinalIgnoreCase);
            if (names.Count > 0) found._pages.Add((new TemplateMatcher(route, []), route, names));
        }

        // an address without a place to fill in goes before one with
        found._pages.Sort((one, other) => one.Route.Parameters.Count.CompareTo(other.Route.Parameters.Count));
        return found;
    }

    /// <summary>Which one a form is sent to; null when none.</summary>
    public string? Find(string action)
    {
        var query = action.Split('?', 2);
        foreach (var (matcher, route, names) in _pages)
        {
            var values = new RouteValueDictionary();
            if (!matcher.TryMatch(query[0], values)) continue;
            var name = values["handler"] as string ?? (QueryHelpers.ParseQuery(query.ElementAtOrDefault(1)).TryGetValue("handler", out var given) ? given.ToString() : "");
            return names.TryGetValue(name, out var known) ? Name(route, known) : null;
        }

        return null;
    }

    private static string Name(RouteTemplate route, string handler) => $"/{route.TemplateText} {handler}".TrimEnd();
}
