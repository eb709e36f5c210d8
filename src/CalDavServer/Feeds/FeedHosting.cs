using Practice.Feeds;

namespace CalDavServer.Feeds;

/// <summary>Where one-way feeds are served: before anything asks who is there.</summary>
internal static class FeedHosting
{
    /// <summary>The path under which feeds are.</summary>
    public const string Path = "/feeds";

    public static IServiceCollection AddFeeds(this IServiceCollection services) =>
        services.AddSingleton<FeedBook>().AddSingleton<FeedKeeper>().AddSingleton<FeedEndpoint>();

    public static void MapFeeds(this IApplicationBuilder app)
    {
        var endpoint = app.ApplicationServices.GetRequiredService<FeedEndpoint>();
        app.Map(Path, feeds => feeds.Run(endpoint.AnswerAsync));
    }
}
