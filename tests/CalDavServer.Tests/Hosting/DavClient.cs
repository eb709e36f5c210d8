using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using Xunit;

namespace CalDavServer.Tests.Hosting;

/// <summary>Sends requests over a real socket, as they are written: no redirect is followed and nothing is decompressed.</summary>
internal sealed class DavClient(Uri address, string? authorization, string principalId) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };

    public string Principal => $"/dav/principals/{principalId}/";

    public string Home => $"/dav/calendars/{principalId}/";

    /// <summary>The path of one of the person's calendars.</summary>
    public string Calendar(string name) => $"{Home}{name}/";

    public Task<DavAnswer> SendAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers) =>
        SendBytesAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), headers);

    public async Task<DavAnswer> SendBytesAsync(string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(method == "PUT" ? "text/calendar; charset=utf-8" : "application/xml; charset=utf-8");
        }

        foreach (var (name, value) in headers)
        {
            if (!name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                Assert.True(request.Headers.TryAddWithoutValidation(name, value));
                continue;
            }

            request.Content!.Headers.Remove(name);
            if (value.Length > 0) request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var fields = response.Headers.Concat(response.Content.Headers).ToDictionary(field => field.Key, field => string.Join(", ", field.Value), StringComparer.OrdinalIgnoreCase);
        return new DavAnswer((int)response.StatusCode, fields, bytes);
    }

    public Task<DavAnswer> PropFindAsync(string path, string depth, params XName[] names) =>
        SendAsync("PROPFIND", path, Xml.PropFind(names), ("Depth", depth));

    public Task<DavAnswer> PutAsync(string path, string calendar, params (string Name, string Value)[] headers) => SendAsync("PUT", path, calendar, headers);

    public Task<DavAnswer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    public Task<DavAnswer> DeleteAsync(string path, params (string Name, string Value)[] headers) => SendAsync("DELETE", path, null, headers);

    public void Dispose() => _http.Dispose();
}
