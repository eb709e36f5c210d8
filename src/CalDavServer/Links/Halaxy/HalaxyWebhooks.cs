using System.Text.Json;
using System.Text.RegularExpressions;

namespace CalDavServer.Links.Halaxy;

/// <summary>
/// Where Halaxy tells of changes: <c>/hooks/halaxy/SECRET/appointment-created</c>, <c>…-updated</c> and <c>…-deleted</c>. It is answered at once. What is sent is a hint of any shape: the appointments that are named in it are asked
/// for, and where none is, what changed lately. Who does not know the secret costs nothing.
/// </summary>
internal static partial class HalaxyWebhooks
{
    public const string Path = "/hooks/halaxy";

    /// <summary>The kind that tells of what is booked.</summary>
    public const string Created = "appointment-created";

    /// <summary>The kind that tells of what is changed.</summary>
    public const string Updated = "appointment-updated";
    private const int MaxBody = 64 * 1024;
    private const int MostIds = 1000;
    private const int MostDeep = 32;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The kinds, as Halaxy's page of webhooks calls them.</summary>
    public static IReadOnlyList<(string Topic, string Name)> Kinds { get; } = [("Appointment created", Created), ("Appointment updated", Updated), ("Appointment deleted", "appointment-deleted")];

    /// <summary>Those without which what is booked or moved in Halaxy has to be asked for. Of a deletion, the comparison of everything tells too.</summary>
    public static IReadOnlyList<string> OfNews { get; } = [Created, Updated];

    public static void Map(IApplicationBuilder app)
    {
        var runner = app.ApplicationServices.GetRequiredService<HalaxyRunner>();
        app.Map(Path, hook => hook.Run(async context => context.Response.StatusCode = await AnswerAsync(context.Request, runner)));
    }

    private static async Task<int> AnswerAsync(HttpRequest request, HalaxyRunner runner)
    {
        if (request.Path.Value?.Split('/') is not ["", var secret, var kind] || Kinds.All(one => one.Name != kind)) return StatusCodes.Status404NotFound;
        if (!HttpMethods.IsPost(request.Method)) return StatusCodes.Status405MethodNotAllowed;
        if (request.ContentLength > MaxBody) return StatusCodes.Status413PayloadTooLarge;
        // nothing is read for somebody who is not known
        if (!runner.Receive(secret, request.Headers.Authorization.ToString(), kind, null)) return StatusCodes.Status404NotFound;
        if (await ReadAsync(request) is not { } body) return StatusCodes.Status413PayloadTooLarge;
        runner.Receive(secret, request.Headers.Authorization.ToString(), kind, IdsOf(body));
        return StatusCodes.Status202Accepted;
    }

    /// <summary>What was sent; null when it is too long, or does not come.</summary>
    private static async Task<byte[]?> ReadAsync(HttpRequest request)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(request.HttpContext.RequestAborted);
        end.CancelAfter(Longest);
        var (buffer, length) = (new byte[MaxBody + 1], 0);
        try
        {
            for (int read; length < buffer.Length && (read = await request.Body.ReadAsync(buffer.AsMemory(length), end.Token)) > 0;) length += read;
        }
        catch (Exception failed) when (failed is IOException or OperationCanceledException)
        {
            return null;
        }

        return length > MaxBody ? null : buffer[..length];
    }

    private static HashSet<string> IdsOf(byte[] body)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        (string? Type, string? Id) own = default;
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MostDeep });
            while (ids.Count < MostIds && reader.Read())
            {
                if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName }) Note(ref reader, ref own);
                else if (reader.TokenType == JsonTokenType.String && Reference().Match(reader.GetString() ?? "") is { Success: true } found) ids.Add(found.Groups[1].Value);
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // what was read of it counts
        }

        // the appointment itself was sent
        if (own is { Type: "Appointment", Id: { } id } && Id().IsMatch(id)) ids.Add(id);
        return ids;
    }

    private static void Note(ref Utf8JsonReader reader, ref (string? Type, string? Id) own)
    {
        var (isType, isId) = (reader.ValueTextEquals("resourceType"), reader.ValueTextEquals("id"));
        if (!(isType || isId) || !reader.Read() || reader.TokenType != JsonTokenType.String) return;
        if (isType) own.Type = reader.GetString();
        else own.Id = reader.GetString();
    }

    [GeneratedRegex("^[A-Za-z0-9\\-.]{1,64}$")]
    private static partial Regex Id();

    // an id of FHIR (R4 §2.24.0.1)
    [GeneratedRegex(@"(?:^|/)Appointment/([A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?/?$")]
    private static partial Regex Reference();
}
